"""A tenant on your machine, for demonstration and tests. Never deployed."""
