"""The audit of one onboarding as a hash chain: what was written can be cut, changed or moved, and not unseen. Pure.

Each record holds the SHA-256 of the one before it and of its own columns; the row holds the last of these, the head,
and how many there are. Whoever can write to storage can write a whole chain anew: against that, the daily pass logs a
digest of all heads where such a person does not reach.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
HASH = "hash"


@dataclass(frozen=True, slots=True)
class Chain:
    """What a row says of its audit: the hash of the newest record, how many are chained, the latest time in any."""

    head: str = GENESIS
    length: int = 0
    latest: str = ""

    def with_record(self, record: Mapping[str, Any], head: str) -> "Chain":
        """Return the chain with one record more, whose hash is `head`."""
        return Chain(head, self.length + 1, max(self.latest, str(record["at"])))


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold, by the number of the record, and how."""

    record: int
    how: str


def linked(previous: str, record: Mapping[str, Any]) -> str:
    """Return the hash of a record behind the one with hash `previous`. 64 hex digits."""
    return sha256(f"{previous}\n{_canonical(record)}".encode()).hexdigest()


def verify(chain: Chain, newest: int, records: Mapping[int, Mapping[str, Any]]) -> Iterator[Break]:
    """Find where a chain is broken. `records` by number, of which the row says that `newest` is the last.

    Records from before the chain began are not checked; there are none but in rows that an older version wrote.
    """
    head = GENESIS
    first = newest - chain.length + 1
    for number in range(first, newest + 1):
        record = records.get(number)
        if record is None:
            yield Break(number, "missing")
            return
        if record.get(HASH) != linked(head, record):
            yield Break(number, "changed, or not what followed the record before it")
        head = str(record.get(HASH))
    if head != chain.head:
        yield Break(newest, "not the last record that the row names")
    yield from (Break(number, "not the row's") for number in sorted(records) if number > newest)


def as_of(records: Iterable[Mapping[str, Any]], instant: str) -> Chain:
    """Return the chain as it stood at an instant, from its records in order: up to the first that is later."""
    chain = Chain()
    for record in records:
        if record["at"] > instant:
            break
        if HASH in record:
            chain = chain.with_record(record, record[HASH])
    return chain


def digest(chains: Mapping[str, Chain]) -> str:
    """Return the digest of the heads and lengths of onboardings, by id. 64 hex digits."""
    lines = [f"{onboarding} {chain.head} {chain.length}\n" for onboarding, chain in sorted(chains.items())]
    return sha256("".join(lines).encode()).hexdigest()


def _canonical(record: Mapping[str, Any]) -> str:
    """All columns but the hash, the keys among them: a record cannot be moved to another place or onboarding."""
    content = {name: value for name, value in record.items() if name != HASH}
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
