"""What lets one person at a pass, and nobody else: the link with its key, the seal it opens, the pick-up code."""
