"""The audit as Table storage keeps it: one record for each transition, and the map from random ids to people.

Both are written in the transaction of the row, which holds the chain's head and length.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.onboarding.audit.hash_chain import HASH, Chain, linked
from shared.onboarding.audit.pseudonyms import Pseudonyms
from shared.onboarding.audit.record import Audit
from shared.onboarding.codec import stamp
from shared.onboarding.collector import DESK
from shared.onboarding.model import Onboarding

Entity = dict[str, Any]

SHOWN = ("at", "what", "why", "by", "status", "reason", "subject", "collector")
"""What people are shown of a record. Those that schema 1 wrote have fewer."""


def audit_key(onboarding: str, version: int) -> str:
    """Key of the audit record that was written with this version of the row."""
    return f"a|{onboarding}|{version:06d}"


def map_key(onboarding: str) -> str:
    """Key of the map from random ids to people."""
    return f"m|{onboarding}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a row keeps for its audit: where the chain stands, and who is who in it until that is erased."""

    chain: Chain = field(default_factory=Chain)
    names: Pseudonyms = field(default_factory=Pseudonyms)

    def naming(self, row: Onboarding, audit: Audit) -> "Ledger":
        """Give a random id to everybody whom this transition names."""
        return replace(self, names=self.names.with_people((*_parties(row), audit.caller)))

    def entered(self, record: Entity) -> tuple["Ledger", Entity]:
        """Chain a record to those before it."""
        head = linked(self.chain.head, record)
        return replace(self, chain=self.chain.with_record(record, head)), {**record, HASH: head}

    def columns(self, *, erased: bool) -> Entity:
        """Encode it for the row. Once personal data are erased, the map alone knows who was who."""
        names = {} if erased else dict(self.names.people)
        return {
            "head": self.chain.head,
            "length": self.chain.length,
            "latest": self.chain.latest,
            "names": json.dumps(names),
            "salt": "" if erased else self.names.salt,
        }


def decode_chain(entity: Mapping[str, Any]) -> Chain:
    """Read head and length from a row; a row of schema 1 has none."""
    return Chain(entity["head"], int(entity["length"]), entity["latest"]) if "head" in entity else Chain()


def decode_ledger(entity: Mapping[str, Any]) -> Ledger:
    """Read the ledger from a row."""
    names = Pseudonyms(json.loads(entity["names"]), entity["salt"]) if entity.get("salt") else Pseudonyms()
    return Ledger(decode_chain(entity), names)


def record_entity(row: Onboarding, audit: Audit, names: Pseudonyms, writer: str) -> Entity:
    """Encode a record, not yet chained. People stand in it by random id; `writer` proves whose transaction it was."""
    return {
        "PartitionKey": row.id[0],
        "RowKey": audit_key(row.id, row.version),
        "what": audit.did.value,
        "why": audit.why or "",
        "by": _by(audit, names),
        "at": stamp(audit.at),
        "status": row.status.value,
        "reason": row.reason or "",
        "webSignIn": row.web.status.value,
        "webReason": row.web.reason or "",
        "subject": names.of(row.subject.id) if row.subject else "",
        "collector": _collector(row, names),
        "link": str(row.delivery.number) if row.delivery else "",
        "writer": writer,
    }


def map_entity(onboarding: str, before: Pseudonyms | None, names: Pseudonyms) -> Entity | None:
    """Encode what is new in the map, one column for each random id, to be merged into it; None where nothing is."""
    known = before.people if before is not None else {}
    fresh = {alias: person for person, alias in names.people.items() if person not in known}
    if before is not None and not fresh:
        return None
    return {"PartitionKey": onboarding[0], "RowKey": map_key(onboarding), "salt": names.salt, **fresh}


def map_of_one(onboarding: str, names: Pseudonyms, person: str) -> Entity:
    """Encode a map that knows one person alone, to take the place of all that was known."""
    return {"PartitionKey": onboarding[0], "RowKey": map_key(onboarding), names.of(person): person}


def decode_map(entity: Mapping[str, Any]) -> dict[str, str]:
    """Return random id → object id."""
    return {name: value for name, value in entity.items() if name not in {"PartitionKey", "RowKey", "salt"}}


def _by(audit: Audit, names: Pseudonyms) -> str:
    if audit.event:
        return names.of_event(audit.event)
    return names.of(audit.caller) or "app"


def _collector(row: Onboarding, names: Pseudonyms) -> str:
    if row.collector is None:
        return ""
    return "desk" if row.collector.id == DESK else names.of(row.collector.id)


def _parties(row: Onboarding) -> Iterator[str]:
    """Yield everybody whom the row names. Nobody is entered for the desk: it is a role."""
    if row.subject is not None:
        yield row.subject.id
    if row.collector is not None and row.collector.id != DESK:
        yield row.collector.id
