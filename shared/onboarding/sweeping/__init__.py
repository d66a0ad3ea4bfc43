"""The schedule: what is due is released, a wave is spread, and what was left behind is found."""
