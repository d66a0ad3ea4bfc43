"""From the port to an exporter: Azure Monitor where its connection is set, what it is given, or none at all.

The SDK is imported when there is an exporter, the exporter itself when there is something to export, in the thread that
exports: 0.2 s and 20 MB that no request waits for. Signals are sent by the app's identity
(`APPLICATIONINSIGHTS_AUTHENTICATION_STRING`), never kept on disk, and lost where Azure Monitor does not answer.
"""
# ruff: noqa: PLC0415 - importing this must cost nothing, as said above

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from shared.runtime.clock import Clock
from shared.runtime.telemetry import port
from shared.runtime.telemetry.logs import OURS

if TYPE_CHECKING:
    from opentelemetry.sdk._logs.export import LogRecordExporter
    from opentelemetry.sdk.metrics.export import MetricExporter
    from opentelemetry.sdk.trace.export import SpanExporter

CONNECTION = "APPLICATIONINSIGHTS_CONNECTION_STRING"
SCOPE = "day_one_pass"
_INSTANCE = {"service.name": "WEBSITE_SITE_NAME", "service.instance.id": "WEBSITE_INSTANCE_ID"}


class Exporting(Protocol):
    """Makes the exporters; each is asked for once, in the thread that exports."""

    def spans(self) -> "SpanExporter":
        """Make the exporter of spans."""
        ...

    def metrics(self) -> "MetricExporter":
        """Make the exporter of numbers."""
        ...

    def logs(self) -> "LogRecordExporter":
        """Make the exporter of logs."""
        ...


class AzureMonitor:
    """Makes the exporters of Azure Monitor. Nothing is written to disk when it does not answer."""

    def __init__(self, connection: str) -> None:
        self._options = {"connection_string": connection, "disable_offline_storage": True}

    def spans(self) -> "SpanExporter":
        """Make the exporter of spans."""
        from azure.monitor.opentelemetry.exporter import AzureMonitorTraceExporter

        return AzureMonitorTraceExporter(**self._options)

    def metrics(self) -> "MetricExporter":
        """Make the exporter of numbers."""
        from azure.monitor.opentelemetry.exporter import AzureMonitorMetricExporter

        return AzureMonitorMetricExporter(**self._options)

    def logs(self) -> "LogRecordExporter":
        """Make the exporter of logs."""
        from azure.monitor.opentelemetry.exporter import AzureMonitorLogExporter

        return AzureMonitorLogExporter(**self._options)


_given: Callable[[], Exporting] | None = None


def export_with(exporting: Callable[[], Exporting]) -> None:
    """Export with these from the next `begin` on, whatever the environment names."""
    global _given  # noqa: PLW0603 - one for the process, as for the port
    _given = exporting


def begin(environ: Mapping[str, str], clock: Clock) -> None:
    """Let what the product says be exported, if there is anything to export it with."""
    if _given is not None:
        _listen(_given(), environ, clock)
    elif connection := environ.get(CONNECTION):
        _listen(AzureMonitor(connection), environ, clock)


def _listen(exporting: Exporting, environ: Mapping[str, str], clock: Clock) -> None:
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from shared.runtime.telemetry.exported_logs import Exported
    from shared.runtime.telemetry.late import LateLogs, LateMetrics, LateSpans
    from shared.runtime.telemetry.recorder import OpenTelemetry

    resource = Resource({name: environ.get(setting, SCOPE) for name, setting in _INSTANCE.items()})
    tracers, loggers = TracerProvider(resource=resource), LoggerProvider(resource=resource)
    meters = MeterProvider([PeriodicExportingMetricReader(LateMetrics(exporting.metrics))], resource=resource)
    tracers.add_span_processor(BatchSpanProcessor(LateSpans(exporting.spans)))
    loggers.add_log_record_processor(BatchLogRecordProcessor(LateLogs(exporting.logs)))
    port.listen(OpenTelemetry(tracers.get_tracer(SCOPE), meters.get_meter(SCOPE), clock))
    logging.getLogger().addHandler(Exported(loggers.get_logger(SCOPE)))
    OURS.setLevel(logging.INFO)
