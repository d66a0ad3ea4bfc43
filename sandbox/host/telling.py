"""What the app tells of its work, sent to the sandbox's tenant, which keeps it as Application Insights would."""

from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any, override

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import StatusCode

from sandbox.http import call

type _Send = Callable[[str, list[dict[str, Any]]], bool]


class ToTenant:
    """Makes exporters that post to the tenant's control `telemetry`."""

    def __init__(self, tenant: str) -> None:
        self._address = f"{tenant}/_sandbox/telemetry"

    def spans(self) -> SpanExporter:
        """Make the exporter of spans."""
        return _Spans(self._send)

    def metrics(self) -> MetricExporter:
        """Make the exporter of numbers."""
        return _Metrics(self._send)

    def logs(self) -> LogRecordExporter:
        """Make the exporter of logs."""
        return _Logs(self._send)

    def _send(self, kind: str, items: list[dict[str, Any]]) -> bool:
        try:
            return call("POST", self._address, json_body={kind: items}).status < 300  # noqa: PLR2004 - success
        except (OSError, HTTPException):
            return False


class _Spans(SpanExporter):
    def __init__(self, send: _Send) -> None:
        self._send = send

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        sent = self._send("spans", [_span(span) for span in spans])
        return SpanExportResult.SUCCESS if sent else SpanExportResult.FAILURE


class _Logs(LogRecordExporter):
    def __init__(self, send: _Send) -> None:
        self._send = send

    @override
    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        sent = self._send("logs", [_log(record) for record in batch])
        return LogRecordExportResult.SUCCESS if sent else LogRecordExportResult.FAILURE

    @override
    def force_flush(self, timeout_millis: int = 10_000) -> bool:
        return True

    @override
    def shutdown(self) -> None:
        return


class _Metrics(MetricExporter):
    def __init__(self, send: _Send) -> None:
        super().__init__()
        self._send = send

    @override
    def export(self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any) -> MetricExportResult:
        sent = self._send("metrics", _numbers(metrics_data))
        return MetricExportResult.SUCCESS if sent else MetricExportResult.FAILURE

    @override
    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return True

    @override
    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        return


def _span(span: ReadableSpan) -> dict[str, Any]:
    return {
        "trace": f"{span.context.trace_id:032x}",
        "span": f"{span.context.span_id:016x}",
        "parent": f"{span.parent.span_id:016x}" if span.parent else None,
        "links": [f"{link.context.trace_id:032x}" for link in span.links],
        "name": span.name,
        "kind": span.kind.name.lower(),
        "start": span.start_time,
        "end": span.end_time,
        "failed": span.status.status_code is StatusCode.ERROR,
        "attributes": dict(span.attributes or {}),
        "events": [event.name for event in span.events],
        "status": span.status.description,
    }


def _log(record: ReadableLogRecord) -> dict[str, Any]:
    said = record.log_record
    return {
        "trace": f"{said.trace_id or 0:032x}",
        "level": said.severity_text,
        "body": str(said.body),
        "attributes": dict(said.attributes or {}),
    }


def _numbers(data: MetricsData) -> list[dict[str, Any]]:
    """Name each number with what tells it apart: a sum, or the last value of a gauge."""
    metrics = [metric for one in data.resource_metrics for scope in one.scope_metrics for metric in scope.metrics]
    return [
        {
            "name": metric.name,
            "attributes": dict(point.attributes or {}),
            "value": getattr(point, "sum", None) or getattr(point, "value", 0),
        }
        for metric in metrics
        for point in metric.data.data_points
    ]
