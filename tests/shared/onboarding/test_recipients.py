"""Who collects: the first of the chain who can, and on a route that was asked for nobody else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from shared.languages.language import Language
from shared.onboarding.collector import DESK, Collector, Route
from shared.onboarding.eligibility.recipients import Clocks, Languages, Named, Recipients
from shared.onboarding.model import Ask
from shared.onboarding.reasons import PASSED_OVER, Reason
from shared.tenant.ports.people import Account, Person
from tests.shared.onboarding.rows import fresh

MANAGER = Person("m", "Mia", "mia@contoso.example", "mia@contoso.example", enabled=True)
HIRE = Account(
    id="h",
    user_principal_name="anna@contoso.example",
    display_name="Anna",
    created=None,
    enabled=True,
    user_type="Member",
    office="Berlin",
    department=None,
    mail=None,
    other_mails=(),
    mobile_phone=None,
    preferred_language=None,
    attributes={},
    manager=MANAGER,
)
CONTACT = replace(HIRE, id="c", display_name="Cleo", mail="cleo@contoso.example", manager=None)
CHAIN = (Route.MANAGER, Route.CONTACT, Route.DESK)


class Accounts:
    """A directory that finds these accounts by any name."""

    def __init__(self, *found: Account) -> None:
        self._found = found

    async def find_accounts(self, **_: Any) -> tuple[Account, ...]:
        """Find them."""
        return self._found


async def collector(
    account: Account,
    *found: Account,
    chain: tuple[Route, ...] = CHAIN,
    route: Route | None = None,
    home: str | None = None,
    mobile: str | None = None,
    shut: tuple[Route, ...] = (),
    chains: Mapping[str, tuple[Route, ...]] | None = None,
    hire_language: str | None = None,
) -> Collector | Reason:
    """Ask who collects, where the office's contact leads to these accounts.

    `home` and `mobile` are HR's word for the hire's own address and number.
    """
    named = Named(
        {"Berlin": "cleo@contoso.example"},
        "desk@contoso.example",
        chain,
        Clocks({"cleo@contoso.example": "Asia/Tokyo"}, {}),
        chains or {},
    )
    recipients = Recipients(Accounts(*found), named, "employeeId")  # type: ignore[arg-type]  # all that is asked of it
    ask = Ask("o", by_person=True, route=route) if route else None
    row = fresh()
    hire = replace(row.hire, home_mail=home, mobile=mobile, preferred_language=hire_language)
    return await recipients.collector(account, replace(row, hire=hire, ask=ask, shut=shut))


async def test_the_manager_comes_first() -> None:
    """Who can collect is not passed over, and nobody is named as such."""
    assert await collector(HIRE, CONTACT) == Collector("m", "Mia", "mia@contoso.example")


@pytest.mark.parametrize(
    ("manager", "reason"),
    [
        (None, Reason.MANAGER_MISSING),
        (replace(MANAGER, enabled=False), Reason.MANAGER_DISABLED),
        (replace(MANAGER, mail=None), Reason.MANAGER_WITHOUT_MAILBOX),
        (replace(MANAGER, id="h"), Reason.MANAGER_IS_HIRE),
    ],
)
async def test_the_contact_of_the_office_is_next_and_then_the_desk(manager: Person | None, reason: Reason) -> None:
    """Each knows for whom it stands in; shortened to the manager, the chain ends with the reason."""
    account = replace(HIRE, manager=manager)
    contact = Collector("c", "Cleo", "cleo@contoso.example", Route.CONTACT, (reason,), "Asia/Tokyo")
    assert await collector(account, CONTACT) == contact
    found = await collector(account)
    assert isinstance(found, Collector)
    assert (found.id, found.instead_of) == (DESK, (reason, Reason.CONTACT_MISSING))
    assert await collector(account, CONTACT, chain=(Route.MANAGER,)) is reason
    assert set(found.instead_of) <= set(PASSED_OVER)


@pytest.mark.parametrize(
    "found",
    [
        (),
        (CONTACT, CONTACT),
        (replace(CONTACT, mail=None),),
        (replace(CONTACT, enabled=False),),
        (replace(CONTACT, id="h"),),
    ],
)
async def test_a_contact_who_cannot_collect_is_none(found: tuple[Account, ...]) -> None:
    """Nobody by that name, several, without mailbox, disabled, or the hire himself: the desk collects."""
    passed_over = await collector(replace(HIRE, manager=None), *found)
    assert isinstance(passed_over, Collector)
    assert passed_over.route is Route.DESK


async def test_a_route_that_was_asked_for_is_no_chain() -> None:
    """Asked for the manager who is not there, nobody stands in; asked for the contact, the manager is no matter."""
    assert await collector(replace(HIRE, manager=None), CONTACT, route=Route.MANAGER) is Reason.MANAGER_MISSING
    assert await collector(HIRE, route=Route.CONTACT) is Reason.CONTACT_MISSING
    contact = await collector(HIRE, CONTACT, route=Route.CONTACT)
    assert isinstance(contact, Collector)
    assert (contact.id, contact.instead_of) == ("c", ())


@pytest.mark.parametrize(
    ("office", "zone"),
    [("Berlin", "Asia/Tokyo"), ("Denver", "America/Denver"), ("Atlantis", None), (None, None)],
    ids=["named himself", "by his office", "an office that is no site", "no office"],
)
async def test_the_managers_own_clock_is_told_by_name_then_by_office(office: str | None, zone: str | None) -> None:
    """A setting for the person comes before the site he works at; where neither is known, nothing is guessed."""
    named = {"mia@contoso.example": "Asia/Tokyo"} if office == "Berlin" else {}
    clocks = Clocks(named, {"Denver": "America/Denver", "Berlin": "Europe/Berlin"})
    assert clocks.zone("Mia@contoso.example", office) == zone


def test_everybody_is_written_to_in_his_own_language() -> None:
    """What he prefers comes first, if it is spoken here; then what his office speaks; then the usual one."""
    languages = Languages({"Berlin": Language.GERMAN}, Language.FRENCH)
    assert languages.of(("pl-PL",), "Berlin") is Language.POLISH
    assert languages.of(("sv-SE", None), "Berlin") is Language.GERMAN
    assert languages.of(("sv", "ja"), "Berlin") is Language.JAPANESE, "HR's word, where Entra's is no help"
    assert languages.of((None,), "Atlantis") is languages.of((), None) is Language.FRENCH


async def test_manager_and_hire_may_speak_different_languages() -> None:
    """Each mail is in its reader's own: the manager's by Entra, the hire's by Entra and then by HR."""
    manager = replace(MANAGER, preferred_language="it")
    found = await collector(replace(KNOWN, manager=manager), chain=BY_HIRE, home=HOME, hire_language="nl-BE")
    assert isinstance(found, Collector)
    assert (found.language, found.link_language, found.reads_link_in) == ("it", "nl", "nl")
    by_entra = replace(KNOWN, manager=manager, preferred_language="de")
    found = await collector(by_entra, chain=BY_HIRE, home=HOME, hire_language="nl-BE")
    assert isinstance(found, Collector)
    assert found.link_language == "de"
    alone = await collector(replace(HIRE, manager=manager))
    assert isinstance(alone, Collector)
    assert alone.reads_link_in == "it"


HOME = "anna@home.example"
KNOWN = replace(HIRE, other_mails=("other@home.example", HOME))
BY_HIRE = (Route.HIRE_MANAGER, Route.MANAGER)


async def test_a_hire_collects_with_the_managers_code_where_entra_holds_the_same_address() -> None:
    """The link goes to the hire, all else to the manager who vouches; it is bound to both, and to nobody's sign-in."""
    found = await collector(KNOWN, chain=BY_HIRE, home=HOME)
    assert found == Collector("m", "Mia", "mia@contoso.example", Route.HIRE_MANAGER, link_to=HOME)
    assert isinstance(found, Collector)
    assert found.bound != found.id
    assert "home.example" not in found.bound
    others = (replace(found, id="n"), replace(found, link_to="bea@home.example"))
    assert len({found.bound, *(other.bound for other in others)}) == 3
    assert found.bound == replace(found, link_to="ANNA@home.example", zone="Asia/Tokyo").bound


@pytest.mark.parametrize("held", ["strau\u00df@home.example", "mar\u212a@home.example", "Strauss@Home.example"])
async def test_the_link_goes_to_the_address_as_entra_writes_it(held: str) -> None:
    """Letters that are the same without case may be another mailbox: HR's spelling of it is nobody's word."""
    hr = held.casefold()
    found = await collector(replace(KNOWN, other_mails=(held,)), chain=BY_HIRE, home=hr)
    assert isinstance(found, Collector)
    assert (found.link_to, hr != held) == (held, True)


@pytest.mark.parametrize(
    ("account", "home", "reason"),
    [
        (KNOWN, None, Reason.HIRE_MAIL_MISSING),
        (HIRE, HOME, Reason.HIRE_MAIL_DIFFERS),
        (KNOWN, "mallory@home.example", Reason.HIRE_MAIL_DIFFERS),
        (replace(HIRE, other_mails=("A <a@home.example>",)), "A <a@home.example>", Reason.HIRE_MAIL_DIFFERS),
        (replace(HIRE, other_mails=("mia@contoso.example",)), "mia@contoso.example", Reason.HIRE_MAIL_NOT_PRIVATE),
        (replace(HIRE, other_mails=("x@Contoso.example",)), "x@contoso.example", Reason.HIRE_MAIL_NOT_PRIVATE),
        (replace(KNOWN, manager=replace(MANAGER, mail="mia@home.example")), HOME, Reason.HIRE_MAIL_NOT_PRIVATE),
    ],
    ids=["none", "none in Entra", "another in Entra", "no plain one", "the manager's", "the company's", "one domain"],
)
async def test_where_the_private_address_is_not_certain_the_next_of_the_chain_collects(
    account: Account, home: str | None, reason: Reason
) -> None:
    """HR's word alone is no address, nor is one of the company's; who stands in knows why. Alone, the route waits."""
    found = await collector(account, chain=BY_HIRE, home=home)
    assert isinstance(found, Collector)
    assert (found.route, found.instead_of, found.link_to) == (Route.MANAGER, (reason,), None)
    assert await collector(account, chain=BY_HIRE[:1], home=home) is reason
    assert reason in PASSED_OVER


async def test_nobody_vouches_where_there_is_no_manager() -> None:
    """Without a usable manager there is nobody to tell the code, and the hire alone collects nothing."""
    alone = replace(KNOWN, manager=None)
    assert await collector(alone, chain=BY_HIRE, home=HOME) is Reason.MANAGER_MISSING
    itself = replace(KNOWN, manager=replace(MANAGER, id=KNOWN.id))
    assert await collector(itself, chain=BY_HIRE, home=HOME) is Reason.MANAGER_IS_HIRE


async def test_a_link_sent_anew_to_the_hire_goes_there_only_while_settings_name_that_route() -> None:
    """Taken out of the chain, the route is off for those who had it, too: whom the chain names collects."""
    anew = await collector(KNOWN, chain=BY_HIRE, home=HOME, route=Route.HIRE_MANAGER)
    assert isinstance(anew, Collector)
    assert anew.route is Route.HIRE_MANAGER
    off = await collector(KNOWN, home=HOME, route=Route.HIRE_MANAGER)
    assert off == Collector("m", "Mia", "mia@contoso.example")


async def test_a_site_has_a_chain_of_its_own_by_entras_office() -> None:
    """Where the office that Entra holds has a chain, that one counts; everywhere else the one for all does."""
    chains = {"Berlin": (Route.HIRE_MANAGER, Route.DESK), "Denver": (Route.CONTACT,)}
    here = await collector(HIRE, chains=chains, home=HOME)
    assert isinstance(here, Collector)
    assert (here.route, here.instead_of) == (Route.DESK, (Reason.HIRE_MAIL_DIFFERS,)), "the manager is not named there"
    elsewhere = await collector(replace(HIRE, office="Oslo"), chains=chains, home=HOME)
    assert isinstance(elsewhere, Collector)
    assert elsewhere.route is Route.MANAGER
    assert await collector(replace(HIRE, office="Denver"), chains=chains) is Reason.CONTACT_MISSING


REACHED = replace(KNOWN, mobile_phone="+49 (0)151 1234-5678")
BY_TEXT = (Route.HIRE_TEXT, Route.HIRE_MANAGER, Route.DESK)


async def test_a_hire_has_the_code_on_his_own_number_where_entra_holds_the_same() -> None:
    """The manager is only told; link and seal are bound to the number, too, and another number is another link."""
    found = await collector(REACHED, chain=BY_TEXT, home=HOME, mobile="0049 151 12345678")
    expected = Collector("m", "Mia", "mia@contoso.example", Route.HIRE_TEXT, link_to=HOME, text_to="+4915112345678")
    assert found == expected
    others = (replace(expected, text_to="+4915112345679"), replace(expected, route=Route.HIRE_MANAGER, text_to=None))
    assert len({one.bound for one in (expected, *others)}) == 3
    assert HOME not in expected.bound
    assert "4915112345678" not in expected.bound + repr(expected)


@pytest.mark.parametrize(
    ("account", "mobile", "reason"),
    [
        (REACHED, None, Reason.HIRE_MOBILE_MISSING),
        (REACHED, "0151 12345678", Reason.HIRE_MOBILE_MISSING),
        (REACHED, "+49 151 12345679", Reason.HIRE_MOBILE_DIFFERS),
        (replace(REACHED, mobile_phone=None), "+49 151 12345678", Reason.HIRE_MOBILE_DIFFERS),
        (replace(REACHED, mobile_phone="0151 12345678"), "+49 151 12345678", Reason.HIRE_MOBILE_DIFFERS),
        (replace(REACHED, other_mails=()), "+49 151 12345678", Reason.HIRE_MAIL_DIFFERS),
        (replace(REACHED, manager=None), "+49 151 12345678", Reason.MANAGER_MISSING),
    ],
)
async def test_where_number_or_address_is_not_certain_no_text_is_sent(
    account: Account, mobile: str | None, reason: Reason
) -> None:
    """What HR names alone is nobody's proof: the next of the chain collects, and the reason is shown."""
    found = await collector(account, chain=(Route.HIRE_TEXT, Route.DESK), home=HOME, mobile=mobile)
    assert isinstance(found, Collector)
    assert (found.route, found.instead_of) == (Route.DESK, (reason,))


async def test_a_text_that_was_not_taken_leaves_the_route_to_the_next_of_the_chain() -> None:
    """The manager tells the code then: never are link and code in one place."""
    found = await collector(REACHED, chain=BY_TEXT, home=HOME, mobile="+49 151 12345678", shut=(Route.HIRE_TEXT,))
    assert isinstance(found, Collector)
    assert (found.route, found.instead_of, found.text_to) == (Route.HIRE_MANAGER, (Reason.TEXT_NOT_TAKEN,), None)
