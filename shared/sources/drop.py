"""Tables that are left in a container: which files are taken, how, and what is said of each. Pure.

Whoever may write to the container of a source speaks for it, as whoever holds one of its secrets does: that right is
all the proof there is, and what it leads to is as much as an event leads to.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.sources.errors import (
    DeliveryError,
    EventShapeError,
    FieldFault,
    PayloadTooLargeError,
    SignatureRejectedError,
)
from shared.sources.intake import MAX_BODY_BYTES
from shared.sources.kind import Source
from shared.sources.kinds import csv
from shared.sources.request import Headers, Request
from shared.sources.verdict import Heard, Misshapen, Result, Verdict

BY_DROP = "container"
"""Stands where the name of an event's secret would: nothing proved it but the right to write there."""
RESULT = ".result.json"
LEFT = "PUT"
"""The method of a request that stands for a file: the door of the HR systems makes none of it."""
NAME, TAKEN = "webhook-id", "taken-at"
_FILE = re.compile(r"(?:(?P<wish>dry-run|partial)/)?(?!\.)[^/\\\x00-\x1f]{1,200}")


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a file: `said` is written beside it. `faults` is what people have to mend, in words; none if good.

    `applied`: whether any of it had an effect.
    """

    said: dict[str, Any]
    faults: tuple[str, ...] = ()
    applied: bool = False


def wish_of(file: str) -> csv.Wish | None:
    """Tell by the folder how a file is to be taken; None for one that is left alone, such as a verdict."""
    found = _FILE.fullmatch(file)
    if found is None or file.endswith(RESULT):
        return None
    return csv.Wish(found["wish"] or "")


def refusal_of(file: str, size: int) -> str | None:
    """Say why a file is not even read, if so."""
    if not file.lower().endswith(".csv"):
        return "is no table: its name must end in .csv"
    return f"is larger than {MAX_BODY_BYTES // 1024} KiB: leave it in parts" if size > MAX_BODY_BYTES else None


def left(wish: csv.Wish, told: csv.Told, raw: bytes) -> Request:
    """Write a file as a request, its wish before its name as in one that is posted; so it is kept and run again.

    Its name is the same for this content at this time, and for no other. It arrived when it was left: however often it
    is looked at, it is one delivery.
    """
    named = f"{wish}/{told.name}" if wish else told.name
    fields = [("content-type", "text/csv"), (NAME, named), (TAKEN, told.now.isoformat())]
    return Request(LEFT, Headers(fields), {}, raw, told.sent_at)


def receive(source: Source[Any], request: Request) -> Verdict:
    """Read a table that was left as one that is posted.

    Raises:
        SignatureRejectedError: the source has no container, or none any more.
        EventRejectedError, PayloadTooLargeError: as of one that is posted.
    """
    if not isinstance(source.options, csv.Options) or source.options.container is None:
        raise SignatureRejectedError("tables may not be left for this source")
    (name,), (taken,) = request.headers.all(NAME), request.headers.all(TAKEN)
    told = csv.Told(name, request.now, datetime.fromisoformat(taken))
    return csv.judged(source, request.body, told, csv.wish_of(name), BY_DROP)


def refused(error: DeliveryError) -> Finding:
    """Say why nothing of a file is taken."""
    if isinstance(error, EventShapeError):
        return Finding({"outcome": "refused", "errors": _listed(error.faults)}, tuple(map(_in_words, error.faults)))
    status = "too-large" if isinstance(error, PayloadTooLargeError) else "unreadable"
    return Finding({"outcome": status, "problem": str(error)}, (str(error),))


def tried(said: Any) -> Finding:
    """Say what a dry run has found: whoever tries looks for himself, and nobody is told."""
    return Finding({"outcome": "tried", **said})


def taken(heard: Heard, results: Iterable[Result]) -> Finding:
    """Say what became of each row of a table."""
    became = tuple(results)
    wrong = [says for says in (result.item.says for result in became) if isinstance(says, Misshapen)]
    faults = tuple(_in_words(fault) for says in wrong for fault in says.faults)
    return Finding({"outcome": "taken", **_body(heard, became)}, faults, applied=True)


def _body(heard: Heard, results: tuple[Result, ...]) -> dict[str, Any]:
    said = heard.acknowledge(results).body
    return said if isinstance(said, dict) else {}


def _listed(faults: Iterable[FieldFault]) -> list[dict[str, str]]:
    return [{"field": fault.field, "problem": fault.problem} for fault in faults]


def _in_words(fault: FieldFault) -> str:
    return f"{fault.field} {fault.problem}"
