"""HR systems: signatures, one small file per vendor, the canonical event."""
