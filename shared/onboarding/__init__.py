"""The hire, the onboarding row, its life cycle and its store."""
