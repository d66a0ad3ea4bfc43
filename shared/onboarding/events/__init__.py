"""What HR systems say, and what it comes to."""
