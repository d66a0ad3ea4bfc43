"""The canonical event: what is read, what is refused, and what is stored."""

import contextlib
import json
import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sources.errors import EventRejectedError, EventShapeError, UnreadableBodyError
from shared.sources.event import MAX_CANONICAL_BYTES, from_json, parse, to_json
from shared.sources.hire import EventKind, HireData, HireEvent

DATA: dict[str, Any] = {
    "externalId": "10042",
    "userName": "ada.king@example.org",
    "displayName": "Ada King",
    "startDate": "2026-12-07",
    "startTime": "08:30",
    "timezone": "Europe/Berlin",
    "site": "Berlin",
    "department": "Research",
    "preferredLanguage": "en-GB",
    "manager": {"externalId": "7", "userName": "charles@example.org"},
    "emails": [{"type": "work", "value": "w@example.org"}, {"type": "home", "value": "ada@example.net"}],
    "phoneNumbers": [{"type": "mobile", "value": "+49 151 0000000"}],
    "device": {"serialNumber": "PF0XYZ", "deviceId": "0b1c5a36-6b6c-4a7e-9d53-94a3c3c5b6c1"},
}
EVENT: dict[str, Any] = {"type": "hire.created", "timestamp": "2026-11-20T09:00:00Z", "data": DATA}
FULL = HireEvent(
    kind=EventKind.CREATED,
    occurred_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    hire=HireData(
        external_id="10042",
        user_name="ada.king@example.org",
        display_name="Ada King",
        start_date="2026-12-07",
        start_time="08:30",
        timezone="Europe/Berlin",
        site="Berlin",
        department="Research",
        preferred_language="en-GB",
        manager_external_id="7",
        manager_user_name="charles@example.org",
        home_mail="ada@example.net",
        mobile="+49 151 0000000",
        device_serial="PF0XYZ",
        device_id="0b1c5a36-6b6c-4a7e-9d53-94a3c3c5b6c1",
    ),
)
BARE = {"externalId": "10042", "displayName": "Ada King", "startDate": "2026-12-07"}


def _parse(event: object) -> HireEvent:
    return parse(json.dumps(event).encode())


def _faults(event: object) -> dict[str, str]:
    with pytest.raises(EventShapeError) as refused:
        _parse(event)
    return {fault.field: fault.problem for fault in refused.value.faults}


def _data(**changes: object) -> dict[str, Any]:
    return {**EVENT, "data": {**DATA, **changes}}


def test_every_field_of_the_canonical_event_is_read() -> None:
    """A full event, field by field; of several addresses the home one counts."""
    assert _parse(EVENT) == FULL


@pytest.mark.parametrize("kind", list(EventKind))
def test_the_three_kinds(kind: EventKind) -> None:
    """Created, updated, cancelled."""
    assert _parse({**EVENT, "type": kind.value}).kind is kind


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_an_optional_field_that_is_null_or_empty_is_absent(nothing: str | None) -> None:
    """Many senders write none that way."""
    optional = {name: nothing for name in DATA if isinstance(DATA[name], str) and name not in BARE}
    lists = {"manager": None, "emails": None, "phoneNumbers": None, "device": {"deviceId": nothing}}
    assert _parse({**EVENT, "data": {**BARE, **optional, **lists}}) == _parse({**EVENT, "data": BARE})


def test_unknown_fields_are_passed_over_and_not_stored() -> None:
    """Senders add fields without asking."""
    event = _parse({**_data(salary=90_000, manager={"userName": "c@example.org", "grade": 9}), "version": 3})
    assert "salary" not in to_json(event)
    assert event.hire.manager_user_name == "c@example.org"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T09:00:00Z", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("2026-11-20T09:00:00+05:30", datetime(2026, 11, 20, 3, 30, tzinfo=UTC)),
        ("2026-11-20T09:00:00.123456789Z", datetime(2026, 11, 20, 9, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_the_source_s_own_time_is_read_in_utc(text: str, expected: datetime) -> None:
    """With an offset, too, and to the microsecond."""
    assert _parse({**EVENT, "timestamp": text}).occurred_at == expected


@pytest.mark.parametrize(
    "changes",
    [{"timezone": "Mars/Olympus"}, {"startDate": "2026-02-31"}, {"startTime": "25:99"}, {"site": "Atlantis"}],
)
def test_well_shaped_but_impossible_values_are_not_refused_here(changes: dict[str, str]) -> None:
    """Planning reports them: the event has to be stored and shown as failed."""
    assert _parse(_data(**changes))


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({}, "/type"),
        ({**EVENT, "type": "hire.paused"}, "/type"),
        ({**EVENT, "type": 1}, "/type"),
        ({**EVENT, "timestamp": 1_700_000_000}, "/timestamp"),
        ({**EVENT, "timestamp": "2026-11-20T09:00:00"}, "/timestamp"),
        ({**EVENT, "timestamp": "2026-11-20"}, "/timestamp"),
        ({**EVENT, "timestamp": "2026-02-30T09:00:00Z"}, "/timestamp"),
        ({**EVENT, "timestamp": "0001-01-01T00:00:00+14:00"}, "/timestamp"),
        ({**EVENT, "timestamp": "2026-11-20T09:00:00+99:99"}, "/timestamp"),
        ({**EVENT, "data": None}, "/data"),
        ({**EVENT, "data": []}, "/data"),
        (_data(externalId=""), "/data/externalId"),
        (_data(externalId=10042), "/data/externalId"),
        (_data(externalId="x" * 129), "/data/externalId"),
        (_data(displayName="Ada\r\nBcc: all@example.org"), "/data/displayName"),
        (_data(displayName="Ada\x00King"), "/data/displayName"),
        (_data(displayName="Ada \u202egniK"), "/data/displayName"),
        (_data(displayName="Ada \u2028King"), "/data/displayName"),
        (_data(displayName="Ada \ud800"), "/data/displayName"),
        (_data(displayName="A" * 257), "/data/displayName"),
        (_data(displayName="A" * 100_000), "/data/displayName"),
        (_data(startDate="7.12.2026"), "/data/startDate"),
        (_data(startDate="\uff12\uff10\uff12\uff16-12-07"), "/data/startDate"),
        (_data(startDate=None), "/data/startDate"),
        (_data(startTime="8:30"), "/data/startTime"),
        (_data(startTime=830), "/data/startTime"),
        (_data(timezone=1), "/data/timezone"),
        (_data(timezone="x" * 65), "/data/timezone"),
        (_data(manager="Charles"), "/data/manager"),
        (_data(manager={"userName": ["c@example.org"]}), "/data/manager/userName"),
        (_data(emails={"home": "a@example.net"}), "/data/emails"),
        (_data(emails=[{"type": "home", "value": 1}]), "/data/emails/0/value"),
        (_data(emails=[{"type": "home"}] * 21), "/data/emails"),
        (_data(emails=["a@example.net"]), "/data/emails/0"),
        (_data(device={"serialNumber": "x" * 129}), "/data/device/serialNumber"),
        (_data(site=float("1e300")), "/data/site"),
        (_data(site=10**4000), "/data/site"),
        (_data(site=True), "/data/site"),
    ],
)
def test_a_field_of_the_wrong_shape_is_named_and_its_value_is_not(event: object, field: str) -> None:
    """The place as a JSON pointer, the problem in words of our own."""
    faults = _faults(event)
    assert field in faults
    for problem in faults.values():
        assert problem != "has the wrong shape"
        assert not any(c in problem for c in "\r\n\x00\u202e\u2028")
        assert len(problem) < 80
        assert "AAAA" not in problem


def test_faults_are_told_all_at_once_but_not_without_bound() -> None:
    """A sender mends them in one go; twenty are enough."""
    assert set(_faults(_data(displayName=None, startDate="soon"))) == {"/data/displayName", "/data/startDate"}
    assert len(_faults(_data(emails=[{"value": 1}] * 20, phoneNumbers=[{"value": 1}] * 20))) == 20


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no JSON"),
        (b"null", "object"),
        (b"[]", "object"),
        (b'"Ping test"', "object"),
        (b"{", "no JSON"),
        (b"{'type': 1}", "no JSON"),
        (b"\xef\xbb\xbf{}", "no JSON"),
        (b'{"a": "\xff"}', "UTF-8"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b'{"a": "\n"}', "no JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "NaN"),
        (b'{"type": 1, "type": 2}', "twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "twice"),
        (b'{"a": ' + b"1" * 5000 + b"}", "digits"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested"),
        (b'{"a": ' * 40_000, "nested"),
        (b'{"a\\\\": ' * 40_000, "nested"),
        (b"<hire/>", "no JSON"),
    ],
)
def test_what_is_no_json_object_with_one_meaning_is_unreadable(raw: bytes, reason: str) -> None:
    """Deep nesting, doubled names, endless numbers and broken text are all one typed error, without a cause to leak."""
    with pytest.raises(UnreadableBodyError, match=reason) as refused:
        parse(raw)
    assert refused.value.__cause__ is None


def test_brackets_inside_text_are_not_nesting() -> None:
    """A name may hold as many brackets, quotes and backslashes as it likes."""
    assert _parse(_data(department='[{"\\' * 30)).hire.department == '[{"\\' * 30


def test_an_event_shows_no_name_address_or_number_in_its_repr() -> None:
    """Reprs end up in logs."""
    shown = repr(FULL)
    for personal in ("Ada", "ada", "charles", "+49"):
        assert personal not in shown


def test_an_event_is_stored_in_the_canonical_form_and_read_back() -> None:
    """What is stored is what a sender could have sent."""
    stored = json.loads(to_json(FULL))
    assert stored == {**EVENT, "data": {**DATA, "emails": [DATA["emails"][1]]}}
    assert from_json(to_json(FULL)) == FULL


@pytest.mark.parametrize("text", ["", "{}", "\ud800", "x" * (MAX_CANONICAL_BYTES + 1)])
def test_stored_text_that_is_none_of_ours_is_refused_as_an_event_is(text: str) -> None:
    """No other error escapes."""
    with pytest.raises(EventRejectedError):
        from_json(text)


def _text(longest: int) -> st.SearchStrategy[str]:
    widest = st.sampled_from(["\U0001f9d1", "Å", '"', "\\", "a", "\u0627", "\u200d"])
    return st.lists(widest, min_size=1, max_size=longest).map("".join) | st.just("\U0001f9d1" * longest)


HIRES = st.builds(
    HireData,
    external_id=_text(128),
    display_name=_text(256),
    start_date=st.just("2026-12-07"),
    start_time=st.none() | st.just("08:30"),
    timezone=st.none() | _text(64),
    site=st.none() | _text(128),
    department=st.none() | _text(128),
    preferred_language=st.none() | _text(35),
    user_name=st.none() | _text(256),
    manager_external_id=st.none() | _text(128),
    manager_user_name=st.none() | _text(256),
    home_mail=st.none() | _text(256),
    mobile=st.none() | _text(256),
    device_serial=st.none() | _text(128),
    device_id=st.none() | _text(64),
)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(lambda t: datetime(1990, 1, 1, tzinfo=UTC) + t)


@given(st.builds(HireEvent, kind=st.sampled_from(EventKind), occurred_at=MOMENTS, hire=HIRES))
def test_any_event_fits_into_sixteen_kibibytes_and_comes_back_as_it_was(event: HireEvent) -> None:
    """The longest fields of the widest characters included."""
    text = to_json(event)
    assert len(text.encode()) <= MAX_CANONICAL_BYTES
    assert from_json(text) == event


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_the_typed_errors(raw: bytes) -> None:
    """Whatever a holder of the secret sends."""
    with pytest.raises(EventRejectedError):
        parse(raw)


ANY_TEXT = st.text(st.characters(categories=None), max_size=40) | st.text(string.printable, max_size=300)
NAMES = (
    st.sampled_from([*EVENT, *DATA, "value", "type", "userName", "deviceId", "__class__", "model_config"]) | ANY_TEXT
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.sampled_from(["home", "mobile"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=8),
    max_leaves=30,
)


def _taken(raw: bytes) -> HireEvent | None:
    with contextlib.suppress(EventRejectedError):
        return parse(raw)
    return None


@given(st.dictionaries(NAMES, JSON_VALUES, max_size=5), st.dictionaries(NAMES, JSON_VALUES, max_size=10))
def test_no_json_raises_anything_but_the_typed_errors(event: dict[str, Any], data: dict[str, Any]) -> None:
    """Any values in the fields we know and in those we do not; what is taken can be stored and read back."""
    taken = _taken(json.dumps({**EVENT, **event, "data": {**BARE, **data}}).encode())
    assert taken is None or from_json(to_json(taken)) == taken
