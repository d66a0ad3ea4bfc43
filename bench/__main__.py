"""`make bench`: both tools, one after the other, and a table of how they fared."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench import measuring
from bench.contender import Contender
from bench.day_one_pass import DayOnePass
from bench.measuring import HEADERS, Attacked
from bench.snappass import RedisMissingError, SnapPass

HAND_OVERS, RACES, ATTACKED = 200, 300, 25

type Row = Callable[[Contender], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    of: Row


def main() -> int:
    """Measure both and print the table. Ends with 1, and says why, where Redis is missing."""
    try:
        columns = [_column(contender) for contender in (SnapPass.running, DayOnePass.running)]
    except RedisMissingError:
        print(
            "Redis is missing, and SnapPass needs it: install redis-server, on Debian `apt-get install redis-server`."
        )
        return 1
    print("\n".join(_table(list(reversed(columns)))))
    return 0


def _column(running: Callable[[], AbstractContextManager[Contender]]) -> Mapping[str, str]:
    with running() as contender:
        print(f"{contender.name} …", file=sys.stderr, flush=True)
        return {"": contender.name, **{line.name: line.of(contender) for line in LINES}}


def _table(columns: Sequence[Mapping[str, str]]) -> list[str]:
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    rows.insert(1, ["---"] * len(rows[0]))
    return [f"| {' | '.join(row)} |" for row in rows]


def _handed_over(contender: Contender) -> str:
    found = measuring.hand_overs(contender, HAND_OVERS)
    return f"{found.median_ms:.0f} ms, {found.slow_ms:.0f} ms, {found.cpu_ms:.0f} ms"


def _raced(contender: Contender) -> str:
    found = measuring.race(contender, RACES)
    return (
        f"{found.one} to one, {found.several} to several, {found.nobody} to nobody; {found.empty_handed} empty-handed"
    )


def _attacked(attack: Callable[[Contender, int], Attacked]) -> Row:
    def row(contender: Contender) -> str:
        found = attack(contender, ATTACKED)
        return f"{found.left} of {ATTACKED}; answers {', '.join(map(str, found.told))}"

    return row


def _headers(contender: Contender) -> str:
    missing = measuring.missing_headers(contender)
    return ", ".join(f"{name} {len(HEADERS) - len(gone)}" for name, gone in missing.items()) + f" of {len(HEADERS)}"


def _logged(contender: Contender) -> str:
    return f"{measuring.keys_in_logs(contender, ATTACKED)} of {ATTACKED}"


LINES = (
    Line("one hand-over: median, 95th percentile, processor time", _handed_over),
    Line(f"{measuring.CLIENTS} clients at once × {RACES}: shown to; the winner's second look", _raced),
    Line("still collected after prefetches by GET, HEAD, OPTIONS", _attacked(measuring.prefetched)),
    Line("still collected after a scanner pressed the button", _attacked(measuring.pressed)),
    Line("still collected after a try with a wrong key", _attacked(measuring.wrong_key)),
    Line("security headers on", _headers),
    Line("keys that stand in the servers' logs", _logged),
)

if __name__ == "__main__":
    sys.exit(main())
