"""Hand-overs in memory: rows with a sealed pass, and everybody who may come to collect them."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.handover.callers.principal import Principal
from shared.handover.collecting.answers import Presented
from shared.handover.collecting.collect import Collecting
from shared.handover.collecting.proof import Proof
from shared.handover.keys.pickup import Pickup, PickupCode, hashed, new_code
from shared.handover.keys.sealing import Binding, new_key_pair, seal
from shared.handover.keys.secrets import ClaimId, LinkKey, PassCode, VisitId, encode
from shared.onboarding import codec, lifecycle
from shared.onboarding.audit.ledger import Ledger
from shared.onboarding.collector import Collector, Route
from shared.onboarding.ids import new_id
from shared.onboarding.model import Delivery, IssuedPass, Onboarding
from shared.onboarding.row_codes import RowCodes
from shared.onboarding.statuses import Status
from shared.onboarding.store import Store
from tests.model.storage import Entity, Table
from tests.model.wire import Wire
from tests.shared.onboarding.rows import COLLECTOR, SUBJECT, fresh

AT = datetime(2030, 6, 3, 6, 45, tzinfo=UTC)
"""A quarter to nine in Berlin, in the window of a hire who starts at nine."""
WINDOW = timedelta(days=3)
BY_HIRE = replace(COLLECTOR, route=Route.HIRE_MANAGER, link_to="amelie@home.example")
CODES = RowCodes.under([secrets.token_bytes(32)])


@dataclass(slots=True)
class Frozen:
    """A clock that stands until it is set."""

    at: datetime = AT

    def now(self) -> datetime:
        """Tell the time."""
        return self.at


class CountingTable(Table):
    """A table that counts what is read, and each transaction."""

    reads = 0
    writes = 0

    async def get_entity(self, partition: str, row: str) -> Entity:
        """Read one row, and count it."""
        self.reads += 1
        return await super().get_entity(partition, row)

    async def submit_transaction(self, operations: Iterable[tuple[Any, ...]]) -> None:
        """Write, and count it."""
        self.writes += 1
        await super().submit_transaction(operations)


@dataclass(frozen=True, slots=True)
class HandOver:
    """An onboarding with a pass to collect: its row, the key of the link that was mailed, and the pass in clear.

    `pickup`: the code that goes with the link, where it is the hire's.
    """

    row: Onboarding
    key: LinkKey = field(repr=False)
    code: str = field(repr=False)
    pickup: PickupCode | None = field(default=None, repr=False)


@dataclass(slots=True)
class Desk:
    """A store in memory, and as many workers on it as are asked for."""

    table: CountingTable = field(default_factory=lambda: CountingTable(Wire()))
    clock: Frozen = field(default_factory=Frozen)

    def worker(self) -> Collecting:
        """Start another worker on the same storage."""
        store = Store(self.table, CODES, self.clock)  # type: ignore[arg-type]
        return Collecting(store, Proof(store, self.clock), self.clock, WINDOW)

    def place(self, collector: Collector = COLLECTOR, **changes: Any) -> HandOver:
        """Store a hand-over whose window is open, or one that is as `changes` say."""
        made = issued(collector)
        return self.keep(replace(made, row=replace(made.row, **changes)))

    def keep(self, found: HandOver) -> HandOver:
        """Store a hand-over as it is."""
        row = found.row
        entity = CODES.signed(codec.row_entity(row, {}) | Ledger().columns(erased=False))
        self.table.rows[row.id[0], codec.row_key(row.id)] = Entity(entity, "1")
        return found

    def row(self, found: HandOver) -> Mapping[str, Any]:
        """Return what is stored of it."""
        return self.table.rows[found.row.id[0], codec.row_key(found.row.id)]


def manager() -> Principal:
    """Sign the collector in."""
    return somebody(COLLECTOR.id)


def somebody(object_id: str, **more: Any) -> Principal:
    """Sign somebody in."""
    return Principal(object_id, **{"is_person": True, "name": "", "roles": frozenset(), **more})


def visit() -> VisitId:
    """Draw a visit, as the page of a hire's link does."""
    return VisitId(encode(secrets.token_bytes(32)))


def by_code(found: HandOver, code: PickupCode | None, **more: Any) -> Presented:
    """Bring what a hire's page brings, or what `more` says instead."""
    brings: dict[str, Any] = {"claim": claim(), "visit": visit(), "code": code}
    link: dict[str, Any] = {"onboarding": found.row.id, "link_key": found.key, "principal": None}
    return Presented(**link | brings | more)


def claim() -> ClaimId:
    """Draw a claim, as a page does."""
    return ClaimId(encode(secrets.token_bytes(32)))


def presented(found: HandOver, by: Principal | None = None, **more: Any) -> Presented:
    """Bring what the collector's page brings, or what `more` says instead."""
    brings: dict[str, Any] = {
        "onboarding": found.row.id,
        "link_key": found.key,
        "claim": claim(),
        "principal": by or manager(),
    }
    return Presented(**brings | more)


def issued(collector: Collector) -> HandOver:
    """Make a row with a sealed pass whose window is open, and the link that opens it."""
    key, public = new_key_pair()
    onboarding, made_by = new_id(secrets.choice("0123456789abcdef")), secrets.token_hex(8)
    row = replace(lifecycle.found(fresh(), SUBJECT, collector), id=onboarding, status=Status.ISSUED, version=1)
    assert row.plan is not None
    pickup = new_code() if collector.link_to else None
    kept = Pickup(hashed(pickup)) if pickup else None
    delivery = Delivery(1, public.text, SUBJECT.id, collector.bound, made_at=AT, mailed_at=AT, pickup=kept)
    code = secrets.token_urlsafe(9)
    sealed = seal(PassCode(code), public, Binding(onboarding, made_by, SUBJECT.id, collector.bound, 1))
    issued = IssuedPass(
        made_by, AT, row.plan.valid_from, row.plan.valid_until, one_time=False, delivery=1, sealed=sealed.text
    )
    row = replace(row, noticed_at=AT, delivery=delivery, issued=issued, reviewed_at=AT)
    return HandOver(row, key, code, pickup)
