"""One trace for each hire, kept in the row; what is done for it later goes on there, and says what brought it about."""

import json
from dataclasses import replace

import pytest
from opentelemetry import context, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, StatusCode, TraceFlags

from shared.onboarding import codec
from shared.onboarding.row_codes import AlteredRowError, RowCodes
from shared.runtime.telemetry import port
from shared.runtime.telemetry import vocabulary as says
from tests.shared.onboarding.rows import NOW, fresh
from tests.shared.runtime.telemetry.listening import listening

HIRE = "a" * 25
HOST = SpanContext(0xB0B, 0xCAFE, is_remote=True, trace_flags=TraceFlags(1))


def test_where_nobody_listens_nothing_is_kept() -> None:
    """Without an exporter a row gets no trace, keeps the one it has, and work is done as ever."""
    with port.span("process tidy-up", port.Kind.CONSUMER, {}, HIRE) as note:
        note({says.HTTP_STATUS: 200})
        port.row_read(HIRE, "")
        with port.transition("commit", {}, "") as fresh_one, port.transition("commit", {}, "00-a") as kept:
            assert (fresh_one, kept) == ("", "00-a")


def test_each_hire_of_one_delivery_has_a_trace_of_his_own() -> None:
    """It begins when the delivery came, and is linked to it: no sender chooses a hire's trace, nor shares it out."""
    with listening() as heard:
        token = context.attach(trace.set_span_in_context(NonRecordingSpan(HOST)))
        with port.span("POST /api/hr/{source}", port.Kind.SERVER, {}):
            traces = [_committed("one"), _committed("two")]
        context.detach(token)
    spans = heard.spans()
    request = spans["POST /api/hr/{source}"]
    assert request.parent == HOST
    for name, kept in zip(("one", "two"), traces, strict=True):
        span = spans[name]
        assert kept.startswith(f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-")
        assert span.parent is None
        assert span.start_time == request.start_time
        assert [link.context for link in span.links] == [request.context]
    assert len({span.context.trace_id for span in spans.values()}) == 3


def test_a_step_goes_on_in_the_trace_of_its_row() -> None:
    """Whatever woke it: its span, calls and commits stand in the row's trace, with a link to the invocation."""
    with listening() as heard:
        kept = _committed("begun")
        token = context.attach(trace.set_span_in_context(NonRecordingSpan(HOST)))
        with port.span("process issue-pass", port.Kind.CONSUMER, {says.ONBOARDING: HIRE}, HIRE):
            port.row_read("b" * 25, "")
            port.row_read(HIRE, kept)
            with port.span("POST /users/{user}", port.Kind.CLIENT, {}):
                pass
            assert _committed("made", kept) == kept
        context.detach(token)
    spans = heard.spans()
    step = spans["process issue-pass"]
    assert {span.context.trace_id for span in spans.values()} == {spans["begun"].context.trace_id}
    assert step.parent.span_id == spans["begun"].context.span_id
    assert [link.context for link in step.links] == [HOST]
    assert spans["POST /users/{user}"].parent == spans["made"].parent == step.context
    assert dict(step.attributes or {}) == {says.ONBOARDING: HIRE}


def test_an_event_about_a_known_hire_is_told_in_that_hires_trace() -> None:
    """The commit stands there and is linked to the request, which began before anybody knew whom it is about."""
    with listening() as heard:
        kept = _committed("begun")
        with port.span("POST /api/hr/{source}", port.Kind.SERVER, {}):
            _committed("replanned", kept)
    spans = heard.spans()
    assert spans["replanned"].parent.span_id == spans["begun"].context.span_id
    assert [link.context for link in spans["replanned"].links] == [spans["POST /api/hr/{source}"].context]


def test_of_an_error_its_class_is_told_and_none_of_its_words() -> None:
    """A span that failed says so; the message of the error, which may repeat what it was given, is left out."""
    with listening() as heard:
        with pytest.raises(LookupError), port.span("sweep", port.Kind.INTERNAL, {}), port.transition("x", {}, ""):
            raise LookupError("amelie@larkspur.example")
        assert "larkspur" not in heard.text()
    for span in heard.spans().values():
        assert dict(span.attributes or {}) == {says.ERROR_TYPE: "LookupError"}
        assert (span.status.status_code, span.status.description, span.events) == (StatusCode.ERROR, None, ())


def test_a_row_of_an_older_version_has_no_trace_and_gets_one() -> None:
    """It is read as it is; the next step that writes it begins its trace, and those after that go on there."""
    entity = codec.row_entity(fresh(NOW), {})
    older = json.loads(entity["doc"])
    del older["trace"]
    row = codec.decode_row({**entity, "doc": json.dumps(older)})
    assert row.trace == ""
    with listening() as heard:
        with port.span("process tidy-up", port.Kind.CONSUMER, {}, row.id):
            port.row_read(row.id, row.trace)
            kept = _committed("first", row.trace)
        assert _committed("second", kept) == kept
    assert heard.spans()["second"].parent.span_id == heard.spans()["first"].context.span_id


def test_the_trace_stands_under_the_rows_code() -> None:
    """Whoever can write to storage alone cannot move a hire into another trace."""
    codes = RowCodes.under([bytes(range(32))])
    entity = codes.signed(codec.row_entity(replace(fresh(NOW), trace=f"00-{1:032x}-{1:016x}-01"), {}))
    codes.verify(entity, NOW)
    with pytest.raises(AlteredRowError):
        codes.verify({**entity, "doc": entity["doc"].replace(f"{1:032x}", f"{2:032x}")}, NOW)


def _committed(name: str, kept: str = "") -> str:
    with port.transition(name, {}, kept) as trace_context:
        return trace_context
