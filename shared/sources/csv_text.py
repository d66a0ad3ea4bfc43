"""A table from outside as CSV (RFC 4180), read so that it has one meaning or none.

Spreadsheets write a comma or a semicolon between cells, by the country of the machine: it is the one of the two with
which the header has every column that is looked for.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.sources.errors import PayloadTooLargeError, UnreadableBodyError

DELIMITERS = (",", ";")
MOST_ROWS = 200
"""As many as one delivery may hold."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, and its cells by the header's names, stripped; None where empty.

    `whole` is False where it has more or fewer cells than the header.
    """

    number: int
    cells: Mapping[str, str | None] = field(repr=False)
    whole: bool = True


def read_table(raw: bytes, encoding: str, columns: Iterable[str]) -> tuple[Row, ...]:
    """Read a table whose header has these columns, and perhaps others.

    `encoding` is that of settings. Blank rows are left out, and count in the numbers.

    Raises:
        UnreadableBodyError: another encoding, no such header, a quote that does not end, no rows.
        PayloadTooLargeError: more rows than may be sent at a time.
    """
    text = _text(raw, encoding)
    header, *rows = _parted(text, tuple(columns))
    found = tuple(_rows(header, rows))
    if not found:
        raise UnreadableBodyError("the file has no rows below its header")
    if len(found) > MOST_ROWS:
        raise PayloadTooLargeError(f"the file has more than {MOST_ROWS} rows: send it in parts")
    return found


def _text(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        advice = "save it as CSV UTF-8, or name its encoding in the options" if encoding == "utf-8" else "name its own"
        raise UnreadableBodyError(f"the file is not {encoding} at byte {error.start}: {advice}") from None


def _parted(text: str, columns: Sequence[str]) -> list[list[str]]:
    """Part the text into rows of cells, by the delimiter with which the header has all columns, once each."""
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            # Without a cause: it could hold what was sent.
            continue
        header = [name.strip() for name in rows[0]] if rows else []
        if all(header.count(column) == 1 for column in columns):
            return [header, *rows[1:]]
    raise UnreadableBodyError(
        "the file is no CSV with a comma or a semicolon between cells whose first row has each column that the options"
        " name, once"
    )


def _rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, 2):
        if any(cell.strip() for cell in cells):
            named = {name: cell.strip() or None for name, cell in zip(header, cells, strict=False)}
            yield Row(number, named, whole=len(cells) == len(header))
