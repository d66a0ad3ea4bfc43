"""Issuing and revoking Temporary Access Passes, within the budget."""
