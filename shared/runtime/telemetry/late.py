"""Exporters that are made when there is something to export, in the thread that exports it."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, override

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics import Counter, Histogram
from opentelemetry.sdk.metrics.export import AggregationTemporality, MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

DELTA = AggregationTemporality.DELTA


class _Late[Exporter]:
    """Knows how an exporter is made, and makes it when it is first needed."""

    def __init__(self, make: Callable[[], Exporter]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Exporter:
        return self._make()


class LateSpans(_Late[SpanExporter], SpanExporter):
    """Exports spans."""

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._made.export(spans)

    @override
    def shutdown(self) -> None:
        self._made.shutdown()


class LateLogs(_Late[LogRecordExporter], LogRecordExporter):
    """Exports logs."""

    @override
    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        return self._made.export(batch)

    @override
    def force_flush(self, timeout_millis: int = 10_000) -> bool:
        return self._made.force_flush(timeout_millis)

    @override
    def shutdown(self) -> None:
        self._made.shutdown()  # type: ignore[no-untyped-call]  # the SDK's own signature


class LateMetrics(_Late[MetricExporter], MetricExporter):
    """Exports numbers: what came since the last export, as Azure Monitor takes them."""

    def __init__(self, make: Callable[[], MetricExporter]) -> None:
        _Late.__init__(self, make)
        MetricExporter.__init__(self, preferred_temporality={Counter: DELTA, Histogram: DELTA})

    @override
    def export(self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any) -> MetricExportResult:
        return self._made.export(metrics_data, timeout_millis, **kwargs)

    @override
    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return self._made.force_flush(timeout_millis)

    @override
    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        self._made.shutdown(timeout_millis, **kwargs)
