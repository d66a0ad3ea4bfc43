"""Who may get a pass, who collects it, and which of several onboardings goes first."""
