"""Pure arithmetic: local times, working days, policy limits, order of issue."""
