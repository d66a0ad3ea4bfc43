"""The check-up as a command: `python -m tools.doctor`."""
