"""By what messages go: each channel one adapter, loaded only where settings turn it on."""
