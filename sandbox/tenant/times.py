"""Instants and durations as Graph and the controls write them."""

import re
from datetime import UTC, datetime, timedelta

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?")
_SUFFIX = re.compile(r"(Z|[+-]\d\d:\d\d)?$", re.IGNORECASE)


def instant(text: str) -> datetime:
    """Read an ISO 8601 instant in UTC (`Z` or `+00:00`); any other offset or none is a ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() != timedelta(0):
        raise ValueError(f"an instant in UTC, ending in Z, is needed: {text!r}")
    return moment.astimezone(UTC)


def instant_as_graph_reads_it(text: str) -> datetime:
    """Read a `startDateTime` as Graph has been seen to: the digits are taken for UTC, whatever the offset says.

    ValueError where it is no date and time at all.
    """
    digits = _SUFFIX.sub("", text.strip())
    if not _INSTANT.fullmatch(digits):
        raise ValueError(f"not a date and time: {text!r}")
    return datetime.fromisoformat(digits).replace(tzinfo=UTC)


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of weeks, days, hours, minutes and seconds; ValueError for anything else."""
    match = _DURATION.fullmatch(text)
    parts = {name: float(value) for name, value in (match.groupdict() if match else {}).items() if value}
    if not parts:
        raise ValueError(f"an ISO 8601 duration such as PT2H is needed: {text!r}")
    return timedelta(**parts)


def graph_time(moment: datetime) -> str:
    """Write an instant as Graph does: `Z`, seven decimals of a second where there are any."""
    whole = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{moment.microsecond:06d}0Z" if moment.microsecond else f"{whole}Z"
