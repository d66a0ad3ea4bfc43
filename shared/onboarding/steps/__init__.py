"""What is done for a row when it is due, and what a step does that cannot go on."""
