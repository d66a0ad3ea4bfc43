"""The kind `csv`: a table of hires, as a spreadsheet writes it, signed as Standard Webhooks.

For companies whose HR has neither events nor a list that can be asked: somebody, or a nightly job, posts the file. Each
row is one event, ordered by the signed time or by a column of its own. Nothing of a file is applied if one of its rows
is wrong, and every fault is named with its row, unless the good ones are asked for; a dry run tells what is wrong and
applies nothing. Either wish stands before the table's name in `webhook-id`, `dry-run/intake-7`, for that is signed, and
an address is not: whoever recorded a dry run could play it again as a real one. Who is not in the file is not called
off: the next one may be another department's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.csv_text import Row, read_table
from shared.sources.errors import EventShapeError, FieldFault
from shared.sources.event import said
from shared.sources.flat import ISO_DAY, DateFormat, canonical
from shared.sources.kind import Kind, Source
from shared.sources.request import Request
from shared.sources.standard_webhooks import signing_secret, verify
from shared.sources.verdict import (
    Answer,
    Handshake,
    Heard,
    Item,
    Misshapen,
    Result,
    Verdict,
    passed_over_type,
)

FORMULA = ("=", "@", "+", "-")
"""What a spreadsheet takes for a formula at the beginning of a cell; a telephone number may begin with a plus."""
UNSIGNED_WISHES = ("dryRun", "partial")
"""So the wishes were once said in the address; whoever still does must not find his dry run done."""

ContainerName = Annotated[str, Field(min_length=3, max_length=63, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""As Azure allows them."""
Header = Annotated[str, Field(min_length=1, max_length=100)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Columns(_Part):
    """Under which header of the table the canonical fields stand."""

    external_id: Header = Field(alias="externalId")
    display_name: Header = Field(alias="displayName")
    start_date: Header = Field(alias="startDate")
    start_time: Header | None = Field(default=None, alias="startTime")
    timezone: Header | None = None
    site: Header | None = None
    department: Header | None = None
    preferred_language: Header | None = Field(default=None, alias="preferredLanguage")
    user_name: Header | None = Field(default=None, alias="userName")
    manager_external_id: Header | None = Field(default=None, alias="managerExternalId")
    manager_user_name: Header | None = Field(default=None, alias="managerUserName")
    home_mail: Header | None = Field(default=None, alias="homeMail")
    mobile: Header | None = None
    device_serial: Header | None = Field(default=None, alias="deviceSerial")
    device_id: Header | None = Field(default=None, alias="deviceId")
    action: Header | None = None
    occurred_at: Header | None = Field(default=None, alias="occurredAt")

    def named(self) -> Mapping[str, str]:
        """Return the headers that are named, by field."""
        return {name: header for name, header in self if header is not None}


class Options(_Part):
    """How a table is read. `actions`: what the words of the column `action` mean; without it each row is a hire.

    `container`: the blob container of the data account in which tables may be left, besides being posted.
    """

    columns: Columns
    actions: dict[str, Literal["hire.created", "hire.updated", "hire.cancelled"]] = {}
    date_format: DateFormat = Field(default=ISO_DAY, alias="dateFormat")
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    container: ContainerName | None = None


class Wish(StrEnum):
    """How a table is to be taken."""

    WHOLE = ""
    PARTIAL = "partial"
    DRY_RUN = "dry-run"


@dataclass(frozen=True, slots=True)
class Told:
    """A table as it was sent: its name, which is the same on a retry; when it was sent, and when it arrived."""

    name: str
    sent_at: datetime
    now: datetime


def _read(source: Source[Options], request: Request) -> Verdict:
    verified = verify(request, source.secrets)
    _refuse_unsigned_wishes(request.query)
    wish = wish_of(verified.webhook_id)
    told = Told(verified.webhook_id, verified.sent_at, request.now)
    return judged(source, request.body, told, wish, verified.secret_name)


def judged(source: Source[Options], raw: bytes, told: Told, wish: Wish, proven_by: str) -> Verdict:
    """Read a proven table and judge it whole, as is wished.

    Raises:
        EventShapeError: a row is wrong, and the good ones alone are not wished for.
        UnreadableBodyError, PayloadTooLargeError: as `read_table`.
    """
    rows, items = read_rows(raw, source.options, told)
    faults = [fault for item in items if isinstance(item.says, Misshapen) for fault in item.says.faults]
    if wish is Wish.DRY_RUN:
        return Handshake(Answer(200, {"dryRun": True, "rows": len(rows), "errors": _told(faults)}))
    if faults and wish is not Wish.PARTIAL:
        raise EventShapeError(tuple(faults))
    return Heard(proven_by, items, lambda results: _answer(rows, results))


def read_rows(raw: bytes, options: Options, told: Told) -> tuple[tuple[Row, ...], tuple[Item, ...]]:
    """Read a table into its rows and what each says, as an item of its own.

    Raises:
        UnreadableBodyError, PayloadTooLargeError: as `read_table`.
    """
    rows = read_table(raw, options.encoding, options.columns.named().values())
    return rows, tuple(_items(rows, options, told))


def _refuse_unsigned_wishes(query: Mapping[str, str]) -> None:
    if unsigned := [name for name in UNSIGNED_WISHES if name in query]:
        advice = "is not signed: write dry-run/ or partial/ before the name in webhook-id"
        raise EventShapeError(tuple(FieldFault(f"?{name}", advice) for name in unsigned))


def wish_of(webhook_id: str) -> Wish:
    """Read the wish that stands before a slash; a slash without one would make a misspelt dry run real.

    Raises:
        EventShapeError: what stands before it is no wish.
    """
    before, slash, name = webhook_id.partition("/")
    if not slash:
        return Wish.WHOLE
    if before not in {Wish.PARTIAL, Wish.DRY_RUN} or not name or "/" in name:
        raise EventShapeError(
            (FieldFault("webhook-id", "may have dry-run/ or partial/ before a name, and no other slash"),)
        )
    return Wish(before)


def _items(rows: Sequence[Row], options: Options, told: Told) -> Iterator[Item]:
    first: dict[str | None, int] = {}
    for row in rows:
        number = row.cells.get(options.columns.external_id)
        before = first.setdefault(number, row.number)
        item = _item(row, options, told)
        if number is not None and before != row.number:
            doubled = FieldFault(f"/rows/{row.number}/externalId", f"stands in row {before}, too")
            item = Item(item.event_id, Misshapen((doubled,)))
        yield item


def _item(row: Row, options: Options, told: Told) -> Item:
    event_id, place = f"{told.name}#{row.number}", f"/rows/{row.number}"
    if not row.whole:
        return Item(event_id, Misshapen((FieldFault(place, "has more or fewer cells than the header"),)))
    found = {name: row.cells[header] for name, header in options.columns.named().items()}
    if formulas := tuple(_formulas(found, options.columns, place)):
        return Item(event_id, Misshapen(formulas))
    word = found.pop("action", None)
    if options.columns.action is not None and word not in options.actions:
        return Item(event_id, passed_over_type(word))
    wire = {
        "type": options.actions.get(word or "", "hire.created"),
        "timestamp": found.pop("occurred_at", None) or told.sent_at.isoformat(),
        "data": canonical(found, options.date_format),
    }
    item = said(event_id, wire, told.now)
    return Item(event_id, _at(place, item.says)) if isinstance(item.says, Misshapen) else item


def _formulas(found: Mapping[str, str | None], columns: Columns, place: str) -> Iterator[FieldFault]:
    for name, cell in found.items():
        if cell is not None and cell.startswith(FORMULA) and not (name == "mobile" and cell.startswith("+")):
            field = type(columns).model_fields[name].alias or name
            yield FieldFault(f"{place}/{field}", "looks like a formula: write it as text")


def _at(place: str, misshapen: Misshapen) -> Misshapen:
    """Name the row where the canonical event has its data."""
    faults = (FieldFault(f"{place}{one.field.removeprefix('/data')}", one.problem) for one in misshapen.faults)
    return Misshapen(tuple(faults))


def _answer(rows: Iterable[Row], results: Sequence[Result]) -> Answer:
    """Tell what became of each row."""
    told: list[dict[str, Any]] = []
    for row, result in zip(rows, results, strict=True):
        says = result.item.says
        why = {"errors": _told(says.faults)} if isinstance(says, Misshapen) else {}
        told.append({"row": row.number, "outcome": result.outcome, **why})
    return Answer(202, {"rows": told})


def _told(faults: Iterable[FieldFault]) -> list[dict[str, str]]:
    return [{"field": fault.field, "problem": fault.problem} for fault in faults]


KIND = Kind(_read, Options, signing_secret, media_types=frozenset({"text/csv"}))
