"""Short of link key and proof together nobody learns whether there is such a link, by words or by work."""

import secrets
from collections import Counter
from collections.abc import Callable

import pytest

from shared.handover.collecting import proof
from shared.handover.collecting.answers import NotForYouError, Presented
from shared.handover.collecting.claim import ClaimState
from shared.handover.keys.sealing import fits, new_key_pair
from shared.onboarding import row_codes
from shared.onboarding.model import Claim
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Status
from tests.attacks.hand_overs import AT, Desk, manager, presented, somebody

STRANGER = somebody("33333333-0000-4000-8000-000000000003")
OTHER_KEY = new_key_pair()[0]


def dead_ends(desk: Desk) -> dict[str, Presented]:
    """Everything that falls short, each of its own kind."""
    found = desk.place()
    state = ClaimState("a" * 64, AT)
    opened = desk.place(status=Status.OPENED, claim=Claim(state, manager().object_id))
    cancelled = desk.place(status=Status.CANCELLED, reason=Reason.REVOKED, ended_at=AT)
    expired = desk.place(status=Status.EXPIRED, reason=Reason.NOT_COLLECTED, ended_at=AT)
    erased = desk.place(status=Status.EXPIRED, ended_at=AT, erased=True, delivery=None, subject=None, plan=None)
    others = {"opened": opened, "cancelled": cancelled, "expired": expired}
    return {
        "never existed": presented(found, onboarding=found.row.id[0] + secrets.token_hex(12)),
        "no id at all": presented(found, onboarding="../o|1"),
        "erased": presented(erased),
        "another key": presented(found, link_key=OTHER_KEY),
        "no key": presented(found, link_key=None),
        "another person": presented(found, STRANGER),
        "another person and key": presented(found, STRANGER, link_key=OTHER_KEY),
        "an app": presented(found, somebody(manager().object_id, is_person=False)),
        "a guest": presented(found, somebody(manager().object_id, is_guest=True)),
        **{f"{name}, another person": presented(one, STRANGER) for name, one in others.items()},
        **{f"{name}, another key": presented(one, link_key=OTHER_KEY) for name, one in others.items()},
    }


async def test_every_dead_end_takes_the_same_work(monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]) -> None:
    """Two reads of storage, one code checked, one key derived, whatever it is that falls short."""
    done: Counter[str] = Counter()

    def counted[**P, R](name: str, work: Callable[P, R]) -> Callable[P, R]:
        def wrapped(*args: P.args, **named: P.kwargs) -> R:
            done[name] += 1
            return work(*args, **named)

        return wrapped

    monkeypatch.setattr(row_codes, "_code", counted("code", row_codes._code))
    monkeypatch.setattr(proof, "fits", counted("key", fits))
    desk = Desk()
    worker = desk.worker()
    ends = dead_ends(desk)
    for one in ends.values():
        with pytest.raises(NotForYouError):  # Every shard gets its stand-in.
            await worker.state(one)
    for name, one in ends.items():
        for ask in (worker.state, worker.reveal, worker.finish):
            done.clear()
            desk.table.reads = 0
            with pytest.raises(NotForYouError):
                await ask(one)
            assert (desk.table.reads, done["code"], done["key"]) == (2, 1, 1), name
    say(f"dead ends: {len(ends)} kinds × 3 questions, each 2 reads, 1 code, 1 key")
