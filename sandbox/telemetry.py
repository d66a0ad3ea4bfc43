"""The settings by which host and app tell the sandbox's tenant of their work."""

from collections.abc import Mapping

TELEMETRY_SETTING = "SANDBOX_TELEMETRY"
"""Base address of the tenant that is told; the host reads it, the app does not."""


def telemetry_settings(tenant: str) -> Mapping[str, str]:
    """Return what makes host and app tell the tenant of their work, and soon: a person waits for the page."""
    return {
        TELEMETRY_SETTING: tenant,
        "PYTHON_ENABLE_OPENTELEMETRY": "true",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_BLRP_SCHEDULE_DELAY": "200",
        "OTEL_METRIC_EXPORT_INTERVAL": "1000",
    }
