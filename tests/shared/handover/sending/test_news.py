"""Who hears of what becomes of a pass: whom settings name, and nobody who has no part in it."""

from dataclasses import replace

import pytest

from shared.handover.collecting.claim import ClaimState
from shared.handover.keys.links import Addresses
from shared.handover.keys.pickup import COST, CodeHash
from shared.handover.sending.news import Hears, News
from shared.onboarding import lifecycle
from shared.onboarding.collector import Collector, Route
from shared.onboarding.model import Claim, Onboarding
from shared.onboarding.reasons import Reason
from shared.onboarding.requests.reissue import LONGEST_WINDOW
from shared.onboarding.schedule.keeping import Keep
from tests.shared.onboarding.rows import COLLECTOR, NOW, SUBJECT, fresh

DESK = "desk@contoso.example"
CONTACT = Collector("c", "Cleo", "cleo@contoso.example", Route.CONTACT)
BY_HIRE = replace(COLLECTOR, route=Route.HIRE_MANAGER, link_to="anna@home.example")
EVERYBODY = frozenset({"collector", "contact", "desk"})
KINDS = (Reason.OPENED, Reason.NOT_OPENED, Reason.CODE_LOCKED, Reason.REVOKED)


class Contact:
    """Finds the contact of any office."""

    async def stand_in(self, _: object) -> Collector:
        """Find him."""
        return CONTACT


def row_with(collector: Collector) -> Onboarding:
    """Return a row whose link is out, and whose pass was opened."""
    code = CodeHash("", "", COST) if collector.link_to else None
    row = lifecycle.inviting(lifecycle.found(fresh(), SUBJECT, collector), "A" * 43, NOW, code)
    return lifecycle.opened(lifecycle.invited(row, 1, NOW), Claim(ClaimState("h", NOW), SUBJECT.id))


async def heard(reason: Reason, names: frozenset[str], collector: Collector = BY_HIRE) -> list[str]:
    """Return to whom the mails of one kind go, where settings name these for it and nobody for any other."""
    hears = Hears(*(names if kind is reason else frozenset() for kind in KINDS))
    news = News(Contact(), Addresses("https://pass.example", DESK), LONGEST_WINDOW, hears)  # type: ignore[arg-type]
    return [mail.to for mail in await news.mails(row_with(collector), reason)]


@pytest.mark.parametrize("reason", KINDS)
async def test_whom_settings_name_hears_and_nobody_else(reason: Reason) -> None:
    """The manager whose hire has the link, the contact, the desk: each alone, all, or none."""
    addresses = {"collector": BY_HIRE.mail, "contact": CONTACT.mail, "desk": DESK}
    for name, address in addresses.items():
        assert await heard(reason, frozenset({name})) == [address]
    assert await heard(reason, EVERYBODY) == list(addresses.values())
    assert await heard(reason, frozenset()) == []


async def test_who_opened_it_himself_is_not_told_so() -> None:
    """A collector who signs in knows; nor is a row due for it where nobody else hears."""
    assert await heard(Reason.OPENED, EVERYBODY, COLLECTOR) == [CONTACT.mail, DESK]
    alone, desk = Keep(tell_opened=frozenset({"collector"})), Keep(tell_opened=frozenset({"desk"}))
    assert [alone.tells_of_opening(row_with(one)) for one in (COLLECTOR, BY_HIRE)] == [False, True]
    assert [desk.tells_of_opening(row_with(one)) for one in (COLLECTOR, BY_HIRE)] == [True, True]
