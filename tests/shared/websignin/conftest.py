"""Hypothesis without a deadline: how long an example takes says how busy the machine is, not whether it is right."""

from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
