"""What HR systems delivered, kept for a while: to be looked at with every value masked, and to be run again."""
