"""Microsoft Graph behind small protocols."""
