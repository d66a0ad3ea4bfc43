"""What is read and decoded where there is no row, for those who are not to learn whether there is one.

One in each shard, written on first use: as long as a row with a link and a pass, and about nobody.
"""

from datetime import UTC, date, datetime, time
from functools import cache

from shared.handover.keys.secrets import KEY_BYTES, encode
from shared.onboarding import codec
from shared.onboarding.audit import ledger
from shared.onboarding.audit.ledger import Ledger
from shared.onboarding.audit.record import Audit, Did
from shared.onboarding.collector import Collector
from shared.onboarding.model import Delivery, IssuedPass, Onboarding, Origin, Subject
from shared.onboarding.schedule import scheduled
from shared.onboarding.statuses import Status
from shared.planning.plan import make_plan
from shared.planning.start import LocalStart
from shared.sources.hire import HireData

KEY = "s|stand-in"
NOTHING = "s|nothing"
"""Never written: where there is a row, this is looked for besides."""
TRIED, TRIED_BESIDES = "s|tried", "s|tried-besides"
"""Written where a code is refused without being counted: as much as is written where it is."""

_AT = datetime(2020, 1, 6, 8, tzinfo=UTC)
_NOBODY, _NOBODY_ELSE = "00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"
_SEALED_BYTES = 56


def stand_in(shard: str) -> codec.Entity:
    """Return the entity of a shard's stand-in, not yet signed."""
    row = _row(shard)
    return {**codec.row_entity(row, {}), "RowKey": KEY} | Ledger().columns(erased=False)


def tried(shard: str, writer: str) -> tuple[codec.Entity, codec.Entity]:
    """Return what is written in a shard for a code that counts nowhere, not yet signed.

    It takes what a code takes that counts: a row scheduled and encoded, a record made and chained.
    """
    row = scheduled(_row(shard))
    audit = Audit(Did.CODE_WRONG, _AT)
    book = _book().naming(row, audit)
    book, record = book.entered(ledger.record_entity(row, audit, book.names, writer))
    whole = codec.row_entity(row, {}) | book.columns(erased=False)
    return {**whole, "RowKey": TRIED}, {**record, "RowKey": TRIED_BESIDES}


@cache
def _book() -> Ledger:
    """Keep a ledger that has named everybody before, as that of a row has."""
    return Ledger().naming(_row("0"), Audit(Did.CODE_WRONG, _AT))


def _row(shard: str) -> Onboarding:
    plan = make_plan(LocalStart(date(2020, 1, 7), time(9), "Europe/Berlin"), _AT)
    return Onboarding(
        id=shard + "0" * 24,
        source="nobody",
        hire=HireData(external_id="NB-0000", display_name="Nobody at all", start_date="2020-01-07", site="Nowhere"),
        origin=Origin(_AT, "msg_0000000000000000"),
        created=_AT,
        status=Status.ISSUED,
        plan=plan,
        subject=Subject(_NOBODY, "nobody.at.all@nowhere.example", "Nobody at all", "Nowhere", "None"),
        collector=Collector(_NOBODY_ELSE, "Nobody else", "nobody.else@nowhere.example", zone="Europe/Berlin"),
        heard=Collector(_NOBODY_ELSE, "Nobody else", "nobody.else@nowhere.example", zone="Europe/Berlin"),
        noticed_at=_AT,
        delivery=Delivery(1, encode(bytes(KEY_BYTES)), _NOBODY, _NOBODY_ELSE, made_at=_AT, mailed_at=_AT),
        issued=IssuedPass(
            _NOBODY,
            _AT,
            plan.valid_from,
            plan.valid_until,
            one_time=False,
            delivery=1,
            sealed=encode(bytes(_SEALED_BYTES)),
        ),
    )
