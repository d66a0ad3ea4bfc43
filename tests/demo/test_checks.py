"""The search for secrets finds them in every form it claims to, and nothing else."""

import base64
import html
import io
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.checks import Secret, found_in_clear
from demo.counting import graph_kind, graph_rows, storage_kind
from demo.terminal import Terminal

CODE = 'K7&w"Qz+2!x'
codes = st.text("ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789+&%#!$*^=", min_size=8, max_size=20)


def _found(value: str, text: str) -> bool:
    return bool(found_in_clear([Secret("it", value)], {"there": text}))


@settings(deadline=None)
@given(codes, st.binary(max_size=7), st.binary(max_size=7))
def test_base64_is_found_at_any_offset(code: str, before: bytes, after: bytes) -> None:
    """A code inside something longer that was encoded as base64, either alphabet, is found."""
    whole = before + code.encode() + after
    assert _found(code, base64.b64encode(whole).decode())
    assert _found(code, base64.urlsafe_b64encode(whole).decode())


@pytest.mark.parametrize(
    "form",
    [CODE, html.escape(CODE), CODE.encode().hex(), CODE.encode().hex().upper(), CODE[::-1], r"K7&w\"Qz+2!x"],
)
def test_a_code_is_found_in_each_form(form: str) -> None:
    """Plain, escaped for HTML or JSON, hexadecimal in both cases, backwards."""
    assert _found(CODE, f"before {form} after")


def test_a_key_is_found_as_its_bytes() -> None:
    """A link's key is base64url; its 32 bytes in hexadecimal or other base64 are the key as well."""
    raw = secrets.token_bytes(32)
    key = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert _found(key, f"x{raw.hex()}")
    assert _found(key, base64.b64encode(b"ab" + raw).decode())


def test_what_is_not_there_is_not_found() -> None:
    """Another code and an empty text hold nothing."""
    assert not _found(CODE, "")
    assert not _found(CODE, CODE.lower() + base64.b64encode(b"another").decode())


def test_the_place_that_may_hold_a_secret_is_left_out() -> None:
    """The mail with the link may hold its key, no other mail may."""
    secret = Secret("the key", CODE, frozenset({"mail 1"}))
    assert found_in_clear([secret], {"mail 1": CODE, "mail 2": CODE}) == ["the key in mail 2"]


@pytest.mark.parametrize(
    ("request_line", "kind"),
    [
        ("GET /devstoreaccount1/send-invite?comp=metadata", None),
        ("GET /devstoreaccount1/send-invite/messages?peekonly=true", None),
        ("GET /devstoreaccount1/issue-pass/messages?numofmessages=8", "standing"),
        ("GET /devstoreaccount1/onboardings()?$filter=x", "standing"),
        ("PUT /devstoreaccount1/leases(PartitionKey='sweep',RowKey='state')", "standing"),
        ("GET /devstoreaccount1/onboardings(PartitionKey='c',RowKey='o')", "rows read"),
        ("POST /devstoreaccount1/$batch", "transactions"),
        ("PUT /devstoreaccount1/leases(PartitionKey='user',RowKey='x')", "leases, budget, index of people"),
        ("POST /devstoreaccount1/issue-pass/messages?visibilitytimeout=0", "hints sent"),
        ("DELETE /devstoreaccount1/issue-pass/messages/1?popreceipt=2", "hints removed"),
        ("PUT /devstoreaccount1/new-table", "other: PUT /devstoreaccount1/new-table"),
    ],
)
def test_storage_requests_are_told_apart(request_line: str, kind: str | None) -> None:
    """What the hire costs, what stands without him, and what the demonstration itself asks for."""
    assert storage_kind(request_line) == kind


def test_graph_requests_are_named_and_none_is_left_out() -> None:
    """A request of a kind that nobody foresaw is counted under its own path."""
    requests = [
        {"method": "POST", "path": "/v1.0/users/x/authentication/temporaryAccessPassMethods"},
        {"method": "GET", "path": "/v1.0/users/x?$select=id"},
        {"method": "GET", "path": "/v1.0/unforeseen?x=1"},
    ]
    assert [graph_kind(request) for request in requests] == [
        "make the pass",
        "read account and manager",
        "GET /v1.0/unforeseen",
    ]
    assert graph_rows(requests)[-1] == ("together", "3")


class _Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("out", "environment", "colour"),
    [
        (_Tty(), {"TERM": "xterm"}, True),
        (_Tty(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (_Tty(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colour_only_where_it_is_wanted(out: io.StringIO, environment: dict[str, str], colour: bool) -> None:
    """A pipe, a dumb terminal and NO_COLOR get plain text."""
    terminal = Terminal.usual(out, environment)
    terminal.seen("something", "read back")
    assert ("\x1b" in out.getvalue()) is colour


def test_a_stream_that_cannot_write_a_tick_still_gets_the_text() -> None:
    """In the C locale the story is told with question marks rather than not at all."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    Terminal(out, colour=False).seen("Amélie", "read back")
    out.flush()
    assert b"read back" in raw.getvalue()
