"""Whoever reads all of storage opens nothing, and whoever writes to it turns no pass to himself."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from shared.handover.collecting.answers import NotForYouError, Presented, Shown
from shared.handover.keys.sealing import Binding, SealBrokenError, new_key_pair, unseal
from shared.handover.keys.secrets import ClaimId, LinkKey, PassCode, SealedPass
from shared.onboarding.model import Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Status
from shared.passes import issue
from shared.sources.hire import EventKind
from tests.attacks.hand_overs import claim
from tests.model.steps import GoesOn, Point, Posts
from tests.model.storage import Entity
from tests.model.world import ENVIRON, HIRES, MANAGER, STRANGER, World, principal

THIEF = "thief@larkspur.example"
THIEFS_KEY, THIEFS_PUBLIC = new_key_pair()
KEYS = re.compile(r"[A-Za-z0-9_-]{43}")


@pytest.fixture
def world() -> Iterator[World]:
    """Give a world in memory with one hire who starts in three days."""
    made = World()
    Posts("Anna", EventKind.CREATED, 3, None, 0).act(made)
    yield made
    made.close()


def entity_of(world: World) -> tuple[tuple[str, str], Entity]:
    """Return the hire's row as it is stored, with its key."""
    return next((key, entity) for key, entity in world.tables.onboardings.rows.items() if key[1].startswith("o|"))


def onboarding(world: World) -> Onboarding:
    """Return the hire's row as it says it is."""
    return world.rows_of("Anna")[-1] if world.rows_of("Anna") else world.rows()[-1]


def until(world: World, reached: Callable[[Onboarding], object]) -> None:
    """Let time go by until the row is there."""
    for _ in range(12):
        if reached(onboarding(world)):
            return
        due = world.next_due()
        assert due is not None
        world.wait(max(due - world.now + timedelta(seconds=1), timedelta(0)))
    raise AssertionError(f"never there: {onboarding(world)}")


STAGES: dict[str, Callable[[Onboarding], object]] = {
    "before the link": lambda row: row.noticed_at,
    "before the pass": lambda row: row.status is Status.INVITED,
    "before it is shown": lambda row: row.status is Status.ISSUED,
}


@dataclass(frozen=True, slots=True)
class Alteration:
    """What the thief writes: `where` in the document, and what stands there then."""

    where: tuple[str, ...]
    value: Any

    def carried_out(self, document: dict[str, Any]) -> bool:
        """Write it; False where the row holds nothing there yet."""
        *way, last = self.where
        for name in way:
            if not document.get(name):
                return False
            document = document[name]
        document[last] = self.value
        return True


ALTERATIONS: dict[str, tuple[Alteration, ...]] = {
    "the recipient": (Alteration(("collector", "mail"), THIEF), Alteration(("heard", "mail"), THIEF)),
    "the collector": (Alteration(("collector", "id"), STRANGER), Alteration(("delivery", "collector"), STRANGER)),
    "the account": (Alteration(("subject", "id"), HIRES["Ben"]), Alteration(("delivery", "subject"), HIRES["Ben"])),
    "the public key": (Alteration(("delivery", "public_key"), THIEFS_PUBLIC.text),),
    "the delivery number": (Alteration(("delivery", "number"), 2),),
    "the onboarding": (Alteration(("id",), "0" * 25),),
    "the hire": (Alteration(("hire", "user_name"), "ben@larkspur.example"),),
    "a release": (
        Alteration(("release",), {"by": STRANGER, "at": "2030-05-29T08:00:00Z", "subject": "", "collector": ""}),
    ),
    "the status": (Alteration(("status",), "planned"), Alteration(("reason",), None)),
}


def written(world: World, alterations: tuple[Alteration, ...]) -> bool:
    """Let the thief write, and everything that follows from it on the morning happen; False where he could not."""
    key, entity = entity_of(world)
    document = json.loads(entity["doc"])
    if not [one for one in alterations if one.carried_out(document)]:
        return False
    world.tables.onboardings.rows[key] = Entity({**entity, "doc": json.dumps(document)}, entity.metadata["etag"])
    return True


def tries(world: World, key: LinkKey) -> object:
    """Let the thief open the link with this key."""
    asked = Presented(onboarding(world).id, key, claim(), principal(STRANGER))
    try:
        return world.do(world.app.hand_over.collecting.reveal(asked))
    except NotForYouError:
        return None


@pytest.mark.parametrize("stage", STAGES)
def test_whoever_writes_to_storage_turns_no_pass_to_himself(stage: str, say: Callable[[str], None]) -> None:
    """Each field that leads a pass to somebody, altered at each stage: nothing is mailed, made or shown by it."""
    done = 0
    for name, alterations in ALTERATIONS.items():
        world = World()
        Posts("Anna", EventKind.CREATED, 3, None, 0).act(world)
        until(world, STAGES[stage])
        mails, passes = len(world.tenant.mails), set(world.tenant.passes)
        if written(world, alterations):
            done += 1
            GoesOn("Anna", Point.OPEN).act(world)
            world.wait(timedelta(hours=2))
            assert not [one for one in world.tenant.mails if one.mail.to == THIEF], name
            assert set(world.tenant.passes) == passes, name
            for key in (THIEFS_KEY, *(LinkKey(link.key) for link in world.links())):
                assert not isinstance(tries(world, key), Shown), name
            row = onboarding(world)
            assert (row.status, row.reason, row.told) == (Status.FAILED, Reason.ROW_ALTERED, (Reason.ROW_ALTERED,)), (
                name
            )
            assert [one.mail.to for one in world.tenant.mails[mails:]] == [ENVIRON["DESK_MAIL"]], name
        world.close()
    assert done >= 5
    say(f"store writer, {stage}: {done} alterations, each put aside and told, none led anywhere")


def test_whoever_reads_storage_and_the_vault_opens_nothing(world: World, say: Callable[[str], None]) -> None:
    """Every key in a dump of each stage, and the vault's secret, tried on the sealed pass; the mail's alone fits."""
    dump = ""
    for reached in STAGES.values():
        until(world, reached)
        dump += repr([[table.rows for table in world.all_tables()], world.queues.messages])
    row = onboarding(world)
    assert row.issued is not None
    assert row.delivery is not None
    vault = ENVIRON["ROW_KEY_A"].replace("+", "-").replace("/", "_").rstrip("=")
    assert row.delivery.public_key in dump
    candidates = {*KEYS.findall(dump), vault, *(vault[shift : shift + 43] for shift in range(len(vault) - 42))}
    sealed = SealedPass.parse(row.issued.sealed)
    assert sealed is not None
    binding = Binding(row.id, row.issued.id, row.delivery.subject, row.delivery.collector, row.delivery.number)
    for text in candidates:
        key = LinkKey.parse(text)
        if key is not None:
            with pytest.raises(SealBrokenError):
                unseal(sealed, key, binding)
    code = world.tenant.passes[HIRES["Anna"]].code
    assert code not in dump
    mailed = LinkKey(world.newest_link(row.id).key)
    assert unseal(sealed, mailed, binding).reveal() == code
    assert mailed.reveal() not in dump
    assert tries(world, mailed) is None, "with the mail, too, the proof is missing"
    searched = f"{len(dump)} characters of {len(STAGES)} backups and the vault's key"
    say(f"dump reader: {searched}, {len(candidates)} keys tried, none opens the pass")


def test_a_row_put_back_as_it_was_shows_nothing_to_anybody_else(world: World, say: Callable[[str], None]) -> None:
    """What the app itself once wrote can be put back whole: it shows itself to the proven person and to nobody else."""
    GoesOn("Anna", Point.OPEN).act(world)
    key, before = entity_of(world)
    mine = LinkKey(world.newest_link(onboarding(world).id).key)
    shown = world.do(
        world.app.hand_over.collecting.reveal(Presented(onboarding(world).id, mine, claim(), principal(MANAGER)))
    )
    assert isinstance(shown, Shown)
    now = entity_of(world)[1]
    world.tables.onboardings.rows[key] = Entity(before, now.metadata["etag"])
    assert tries(world, mine) is None
    say("store writer, an earlier row put back: nobody but the proven person is shown anything")


def test_claims_are_not_replayed(world: World, say: Callable[[str], None]) -> None:
    """A claim that was overheard is nothing without key and proof; a second one is refused; after the end all are."""
    GoesOn("Anna", Point.OPEN).act(world)
    row = onboarding(world)
    link = LinkKey(world.newest_link(row.id).key)
    overheard = claim()

    def asks(who: str, key: LinkKey, mine: ClaimId) -> object:
        try:
            return world.do(world.app.hand_over.collecting.reveal(Presented(row.id, key, mine, principal(who))))
        except NotForYouError:
            return None

    assert isinstance(asks(MANAGER, link, overheard), Shown)
    replays = [
        asks(STRANGER, link, overheard),
        asks(MANAGER, THIEFS_KEY, overheard),
        asks(STRANGER, THIEFS_KEY, overheard),
        asks(MANAGER, link, claim()),
    ]
    assert not [answer for answer in replays if isinstance(answer, Shown)]
    assert isinstance(asks(MANAGER, link, overheard), Shown)
    world.do(world.app.hand_over.collecting.finish(Presented(row.id, link, overheard, principal(MANAGER))))
    assert not isinstance(asks(MANAGER, link, overheard), Shown)
    say(f"replayed claims: {len(replays) + 1} tries, none shown")


def test_where_sealing_fails_nothing_is_sent_and_nothing_is_left_in_clear(
    world: World, monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None]
) -> None:
    """There is no plainer form to fall back to: the desk hears that it failed, and the pass of it is deleted."""
    made = set()

    def breaks(code: PassCode, *_: object) -> None:
        made.add(code.reveal())
        raise SealBrokenError

    until(world, lambda row: row.status is Status.INVITED)
    mails = len(world.tenant.mails)
    monkeypatch.setattr(issue, "seal", breaks)
    until(world, lambda row: row.status is Status.FAILED)
    assert len(made) == 1
    world.wait(timedelta(hours=3))
    row = onboarding(world)
    assert (row.reason, row.issued, row.attempts, world.tenant.passes) == (Reason.STEP_FAILED, None, (), {})
    told = world.tenant.mails[mails:]
    assert {one.mail.to for one in told} >= {ENVIRON["DESK_MAIL"]}
    kept = repr([table.rows for table in world.all_tables()]) + repr(world.queues.messages)
    everything = kept + "".join(one.mail.subject + one.mail.text + one.mail.html for one in world.tenant.mails)
    assert not [code for code in made if code in everything]
    say(f"sealing fails: {len(told)} mails, none with a pass; nothing stored, and the pass is gone from Graph")
