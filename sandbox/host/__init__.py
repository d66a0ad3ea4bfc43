"""A local Functions host: runs any Python v2 app with Microsoft's own worker library. Never deployed."""
