"""What every subject stands on: settings, clock, storage, telemetry."""
