"""Stand-ins for the record APIs of HR systems, for tests and a sandbox. Never deployed."""
