"""Listens to the port as a deployed app does, with exporters that keep everything in memory."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.runtime.clock import SystemClock
from shared.runtime.telemetry import port
from shared.runtime.telemetry.exported_logs import Exported
from shared.runtime.telemetry.recorder import OpenTelemetry


@dataclass(slots=True)
class Heard:
    """All that was exported."""

    spans_in: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)
    numbers_in: InMemoryMetricReader = field(default_factory=InMemoryMetricReader)
    logs_in: InMemoryLogRecordExporter = field(default_factory=InMemoryLogRecordExporter)

    def spans(self) -> dict[str, ReadableSpan]:
        """Return the spans by name, the last of each."""
        return {span.name: span for span in self.spans_in.get_finished_spans()}

    def numbers(self) -> list[tuple[str, Mapping[str, Any], float]]:
        """Return each number: its name, its attributes, its value or sum."""
        data = self.numbers_in.get_metrics_data()
        metrics = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics] if data else []
        points = [(metric.name, point) for metric in metrics for point in metric.data.data_points]
        return [(n, dict(p.attributes or {}), p.sum if hasattr(p, "sum") else p.value) for n, p in points]

    def text(self) -> str:
        """Return all of it as text, as an exporter would see it."""
        spans = [span.to_json() for span in self.spans_in.get_finished_spans()]
        logs = [log.log_record.body for log in self.logs_in.get_finished_logs()]
        attributes = [dict(log.log_record.attributes or {}) for log in self.logs_in.get_finished_logs()]
        return "\n".join(map(str, [*spans, *logs, *attributes, *self.numbers()]))


@contextmanager
def listening() -> Iterator[Heard]:
    """Listen, and give up listening again."""
    heard = Heard()
    tracers, loggers = TracerProvider(shutdown_on_exit=False), LoggerProvider(shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(heard.spans_in))
    loggers.add_log_record_processor(SimpleLogRecordProcessor(heard.logs_in))
    meters = MeterProvider([heard.numbers_in], shutdown_on_exit=False)
    handler = Exported(loggers.get_logger("test"))
    logging.getLogger().addHandler(handler)
    port.listen(OpenTelemetry(tracers.get_tracer("test"), meters.get_meter("test"), SystemClock()))
    try:
        yield heard
    finally:
        port.listen(port.Nobody())
        logging.getLogger().removeHandler(handler)
        meters.shutdown()
