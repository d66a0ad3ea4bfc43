"""The listener that speaks OpenTelemetry, with providers of its own.

Of its own, because the libraries beneath write to the global ones: their spans carry whole addresses, and with them
users' names and ids. What reaches an exporter has come through `sieved`, attribute by attribute; of an error only its
class is told, for its words may repeat what it was given.

The trace of an onboarding is its own. It begins with the transition that makes the row, linked to the request that
brought it: several hires in one delivery are several traces, and no sender chooses their ids. The row keeps the
context; whatever is done for it later, because of a hint, a sweep or a person, goes on in that trace, and is linked to
the invocation's own context, which the host sets (W3C Trace Context, https://www.w3.org/TR/trace-context/).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.metrics import Meter
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, TraceFlags, Tracer

from shared.runtime.clock import Clock
from shared.runtime.telemetry.metrics import Kind as MetricKind
from shared.runtime.telemetry.metrics import Metric
from shared.runtime.telemetry.port import Kind, Note
from shared.runtime.telemetry.vocabulary import ERROR_TYPE, Attributes, Written, sieved

type _Write = Callable[[float, Mapping[str, Written]], None]

_KINDS = {kind: SpanKind[kind.name] for kind in Kind}
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


@dataclass(slots=True)
class _Work:
    """A piece of work that is open. `span` None: it waits for its row, to begin in that row's trace."""

    name: str
    kind: Kind
    attributes: Attributes
    about: str
    began: int
    asked_by: SpanContext
    span: Span | None = None


_open: ContextVar[_Work | None] = ContextVar("open work", default=None)


class OpenTelemetry:
    """Writes spans and numbers."""

    def __init__(self, tracer: Tracer, meter: Meter, clock: Clock) -> None:
        """Take where to write, and the clock of the app, by which its spans are timed, too."""
        self._tracer = tracer
        self._meter = meter
        self._clock = clock
        self._writers: dict[str, _Write] = {}

    @contextmanager
    def span(self, name: str, kind: Kind, attributes: Attributes, about: str) -> Iterator[Note]:
        """Write a span, within the one that is open; see `Listener`."""
        around = self._around()
        work = _Work(name, kind, attributes, about, self._now(), around)
        if not about:
            self._begin(work, around)
        token = _open.set(work)
        try:
            yield lambda more: self._note(work, more)
        except BaseException as error:
            _failed(self._begun(work), error)
            raise
        finally:
            _open.reset(token)
            self._begun(work).end(self._now())

    @contextmanager
    def transition(self, name: str, attributes: Attributes, trace: str) -> Iterator[str]:
        """Write a span in the row's trace; see `Listener`."""
        around, known = self._around(), _read(trace)
        within = around if known is not None and known.trace_id == around.trace_id else known
        outer = _open.get()
        span = self._tracer.start_span(
            name,
            _below(within),
            SpanKind.CLIENT,
            sieved(attributes),
            _link(around, within),
            outer.began if outer is not None and known is None else self._now(),
        )
        try:
            yield trace or _written(span.get_span_context())
        except BaseException as error:
            _failed(span, error)
            raise
        finally:
            span.end(self._now())

    def row_read(self, onboarding: str, trace: str) -> None:
        """Begin the open work in the row's trace, if it is about that row and has not begun."""
        work = _open.get()
        if work is not None and work.span is None and work.about == onboarding:
            self._begin(work, _read(trace) or work.asked_by)

    def add(self, metric: Metric, value: float, attributes: Attributes) -> None:
        """Write a number."""
        if metric.name not in self._writers:
            self._writers[metric.name] = self._writer(metric)
        kept = {name: told for name, told in sieved(attributes).items() if name in metric.attributes}
        self._writers[metric.name](value, kept)

    def _writer(self, metric: Metric) -> _Write:
        match metric.kind:
            case MetricKind.COUNTER:
                return self._meter.create_counter(metric.name, metric.unit, metric.what).add
            case MetricKind.HISTOGRAM:
                return self._meter.create_histogram(metric.name, metric.unit, metric.what).record
            case MetricKind.GAUGE:
                return self._meter.create_gauge(metric.name, metric.unit, metric.what).set

    def _around(self) -> SpanContext:
        """Return the context of the work that is open; else what the host asked this invocation with."""
        outer = _open.get()
        return self._begun(outer).get_span_context() if outer is not None else _asked_by()

    def _begun(self, work: _Work) -> Span:
        return work.span or self._begin(work, work.asked_by)

    def _begin(self, work: _Work, within: SpanContext) -> Span:
        links = _link(work.asked_by, within)
        kept = sieved(work.attributes)
        work.span = self._tracer.start_span(work.name, _below(within), _KINDS[work.kind], kept, links, work.began)
        return work.span

    def _note(self, work: _Work, more: Attributes) -> None:
        self._begun(work).set_attributes(sieved(more))

    def _now(self) -> int:
        return int(self._clock.now().timestamp() * 1_000_000) * 1_000


def present() -> Context:
    """Return the context of the work that is open, for whoever writes a log."""
    work = _open.get()
    span = work.span if work is not None else None
    return _below(span.get_span_context() if span is not None else _asked_by())


def _asked_by() -> SpanContext:
    return trace.get_current_span().get_span_context()


def _below(within: SpanContext | None) -> Context:
    if within is None or not within.is_valid:
        return Context()
    return trace.set_span_in_context(NonRecordingSpan(within), Context())


def _link(around: SpanContext, within: SpanContext | None) -> list[Link]:
    """Link to what was around, where that is not what the span is below of."""
    return [Link(around)] if around.is_valid and around != within else []


def _failed(span: Span, error: BaseException) -> None:
    span.set_attributes(sieved({ERROR_TYPE: type(error)}))
    span.set_status(StatusCode.ERROR)


def _read(traceparent: str) -> SpanContext | None:
    match = _TRACEPARENT.fullmatch(traceparent)
    if match is None:
        return None
    return SpanContext(int(match[1], 16), int(match[2], 16), is_remote=True, trace_flags=TraceFlags(int(match[3], 16)))


def _written(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
