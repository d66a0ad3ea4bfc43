"""What a table may be, and what each row of a wrong one is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sources.configured import SourceSettingsError
from shared.sources.csv_text import MOST_ROWS, read_table
from shared.sources.errors import PayloadTooLargeError, UnreadableBodyError
from tests.shared.sources.conformance import Answered, knock
from tests.shared.sources.kinds.csv import SENDER, posted, row, table
from tests.shared.sources.senders import NOW, SECRETS, event, heard, source
from tests.shared.sources.senders import post as post_by

COLUMNS = ("No.", "Name")
GOOD, OTHER = row(), row("10043", name="Grace Hopper")


def post(body: bytes, wish: str = "", **query: str) -> Answered:
    """Post a table."""
    return knock(SENDER, posted(SENDER.secret, body, NOW, wish), body, query=query)


def numbers(answered: Answered) -> list[str]:
    """Return whose hires were taken."""
    return [delivery.event.hire.external_id for delivery in answered.taken]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b"No.,Name\r\n1,Zo\xc3\xab\r\n", "utf-8"),
        (b"\xef\xbb\xbfNo.;Name\n1;Zo\xc3\xab", "utf-8"),
        (b"Name;Remark;No.\rZo\xeb;a,b;1\r", "windows-1252"),
        (b'"No."," Name "\n\n,\n 1 ,"Zo\xc3\xab"\n', "utf-8"),
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(raw: bytes, encoding: str) -> None:
    """With a byte order mark or none, comma or semicolon, any line ends, quotes, blank rows, columns in any order."""
    (found,) = read_table(raw, encoding, COLUMNS)
    assert {name: found.cells[name] for name in COLUMNS} == {"No.": "1", "Name": "Zoë"}
    assert found.whole
    assert "Zoë" not in repr(found)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"No.,Name\n1,Zo\xeb\n", "not utf-8 at byte 13: save it as CSV UTF-8, or name its encoding"),
        ("No.,Name\n1,Zoë\n".encode("utf-16"), "not utf-8 at byte 0"),
        (b"No.,Title\n1,x\n", "has each column that the options name"),
        (b"No.,Name,Name\n1,x,y\n", "has each column that the options name, once"),
        (b'No.,Name\n1,"x\n', "is no CSV"),
        (b"No.,Name\n\n,\n", "no rows"),
        (b"", "is no CSV"),
    ],
)
def test_what_is_no_such_table_says_what_to_do(raw: bytes, said: str) -> None:
    """And holds nothing that stood in it."""
    with pytest.raises(UnreadableBodyError) as refused:
        read_table(raw, "utf-8", COLUMNS)
    assert said in str(refused.value)
    assert "Zo" not in str(refused.value)


def test_a_table_is_no_longer_than_a_delivery_may_be() -> None:
    """Two hundred rows, and not one more."""
    rows = [f"{number},x" for number in range(MOST_ROWS + 1)]
    assert len(read_table("\n".join(["No.,Name", *rows[1:]]).encode(), "utf-8", COLUMNS)) == MOST_ROWS
    with pytest.raises(PayloadTooLargeError, match="in parts"):
        read_table("\n".join(["No.,Name", *rows]).encode(), "utf-8", COLUMNS)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"No.,Name\n{text}".encode(errors="replace")))
def test_any_bytes_are_a_table_or_refused(raw: bytes) -> None:
    """No other error."""
    try:
        rows = read_table(raw, "utf-8", COLUMNS)
    except (UnreadableBodyError, PayloadTooLargeError):
        return
    assert all(found.number > 1 for found in rows)


def test_one_wrong_row_keeps_all_from_being_applied_and_every_fault_is_named() -> None:
    """Unless the good ones are asked for; a dry run applies nothing either way."""
    bad = GOOD.replace("2026-12-07", "7 December").replace("10042", "10044")
    body = table(GOOD, bad, row(number="", name=""), OTHER)
    refused = post(body)
    assert (refused.status, refused.taken, refused.noted) == (422, (), ())
    fields = [error["field"] for error in refused.body["errors"]]
    assert fields == ["/rows/3/startDate", "/rows/4/externalId", "/rows/4/displayName"]
    dry = post(body, "dry-run/")
    assert (dry.status, dry.taken, dry.body["rows"]) == (200, (), 4)
    assert [error["field"] for error in dry.body["errors"]] == fields
    part = post(body, "partial/")
    assert (part.status, numbers(part)) == (202, ["10042", "10043"])
    assert [(one["row"], one["outcome"]) for one in part.body["rows"]] == [
        (2, "planned"),
        (3, "misshapen"),
        (4, "misshapen"),
        (5, "planned"),
    ]
    assert part.body["rows"][1]["errors"][0]["field"] == fields[0]
    assert post(table(GOOD), "dry-run/").body == {"dryRun": True, "rows": 1, "errors": []}


@pytest.mark.parametrize("wish", ["Dry-Run/", "dryrun/", "dry-run/partial/", "/", "partial//"])
def test_a_wish_that_is_misspelt_is_no_table_without_a_wish(wish: str) -> None:
    """Else what was meant as a dry run would be done."""
    refused = post(table(GOOD), wish)
    assert (refused.status, refused.taken) == (422, ())
    assert [one["field"] for one in refused.body["errors"]] == ["webhook-id"]


@pytest.mark.parametrize("query", [{}, {"dryRun": "false"}, {"dryRun": "true"}, {"partial": "true"}, {"partial": ""}])
def test_whoever_plays_a_dry_run_again_cannot_make_it_real(query: dict[str, str]) -> None:
    """The wish is under the signature; an address is not, so one that says a wish is refused."""
    body = table(GOOD, row(number=""))
    recorded = posted(SENDER.secret, body, NOW, "dry-run/")
    again = knock(SENDER, recorded, body, query=query)
    assert (again.status, again.taken, again.noted) == (422 if query else 200, (), ())
    bare = recorded | {"webhook-id": recorded["webhook-id"].removeprefix("dry-run/")}
    assert knock(SENDER, bare, body, query=query).status == 401


@pytest.mark.parametrize(
    ("rows", "field", "problem"),
    [
        ((GOOD, GOOD), "/rows/3/externalId", "stands in row 2, too"),
        (("10042,Ada",), "/rows/2", "more or fewer cells"),
        ((f"{GOOD},",), "/rows/2", "more or fewer cells"),
        ((row(name="=HYPERLINK(0)"),), "/rows/2/displayName", "formula"),
        ((row(number="@SUM(1)"),), "/rows/2/externalId", "formula"),
        ((row(number="-1+1"),), "/rows/2/externalId", "formula"),
    ],
)
def test_rows_that_mean_two_things_or_none_are_refused(rows: tuple[str, ...], field: str, problem: str) -> None:
    """Doubled, ragged, or what a spreadsheet would calculate."""
    answered = post(table(*rows))
    assert (answered.status, answered.taken) == (422, ())
    assert [(one["field"], problem in one["problem"]) for one in answered.body["errors"]] == [(field, True)]


def test_every_field_of_the_event_can_have_a_column() -> None:
    """Dates in the country's way, a telephone number with its plus; without an action each row is a hire."""
    columns = {
        "externalId": "A",
        "displayName": "B",
        "startDate": "C",
        "mobile": "D",
        "managerUserName": "E",
        "site": "F",
    }
    sender = source("csv", SECRETS, {"columns": columns, "dateFormat": "%d.%m.%Y", "encoding": "windows-1252"})
    body = "A;B;C;D;E;F\r\n00042;Zoë;07.12.2026;+49 30 1;jana@example.com;\r\n".encode("windows-1252")
    found = event(heard(sender, post_by(posted(SENDER.secret, body, NOW), body)))
    hire = found.hire
    assert (hire.external_id, hire.display_name, hire.start_date, hire.site) == ("00042", "Zoë", "2026-12-07", None)
    assert (hire.mobile, hire.manager_user_name) == ("+49 30 1", "jana@example.com")
    assert found.occurred_at == NOW


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"columns": {"externalId": "A", "displayName": "B"}},
        {"columns": {"externalId": "A", "displayName": "B", "startDate": "C", "shoeSize": "D"}},
        {"columns": {"externalId": "A", "displayName": "B", "startDate": "C"}, "encoding": "utf-16"},
        {"columns": {"externalId": "A", "displayName": "B", "startDate": "C"}, "dateFormat": "%d.%m.%y"},
        {"columns": {"externalId": "A", "displayName": "B", "startDate": "C"}, "actions": {"x": "hire.fired"}},
    ],
    ids=range(6),
)
def test_options_are_checked_when_they_are_loaded(options: dict[str, Any]) -> None:
    """Not when the first file comes."""
    with pytest.raises(SourceSettingsError, match="HR_SOURCES"):
        source("csv", SECRETS, options)
