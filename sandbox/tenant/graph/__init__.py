"""Microsoft Graph as this product meets it: one module per subject, one table of routes in `routes`."""
