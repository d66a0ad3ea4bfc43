"""One morning with many hires, so that each browser test finds a link of its own without waiting for another morning.

The clock may only go forward, and never past ten in the morning: what one test needs of the day, another still has.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from sandbox.people import CODE, LINK, Company, HireOfCompany, LinkInMail
from sandbox.world import World
from tests.browser.offices import DEPOT, FIELD, LOBBY, STUDIO, home, known_of, mobile, settings, told_of

RATE = 50
"""Pass requests in ten seconds, ten times as many as Graph allows, on both sides."""
SETTINGS = {"PASS_REQUESTS_PER_10_SECONDS": str(RATE), "LINK_LEAD": "day-before"}
BEGINS = "2030-05-31T02:00:00Z"
MONDAY, TUESDAY = "2030-06-03", "2030-06-04"
OPEN = "2030-06-03T05:31:00Z"
"""A minute after the window opened in Berlin, 29 minutes before the passes work."""
WORKS = "2030-06-03T06:00:01Z"
# Notice and link to Samoa, to Berlin; the passes for Samoa; there a morning before Berlin's: the window, the first
# sign-in, and the log that shows it; then the passes for Berlin, and their window.
_WEEKEND = ("2030-05-31T03:00:01Z", "2030-05-31T14:00:01Z", "2030-06-02T18:25:01Z")
_SAMOA_OPEN, _SAMOA_WORKS, _SAMOA_KNOWN = "2030-06-02T18:31:01Z", "2030-06-02T19:01:00Z", "2030-06-02T19:06:00Z"
_BERLIN = ("2030-06-03T05:22:01Z", OPEN)
_SAMOA = "Pacific/Apia"
_PATIENCE = 10
_NAMES = (
    "Nora Lindqvist", "Theo Castellan", "Ida Marlowe", "Samuel Okafor", "Lucía Prado", "Emil Varga",
    "Hana Sato", "Leo Brandis", "Mila Horvat", "Noah Weiss", "Clara Duarte", "Finn Aalto",
    "Zoe Petrova", "Omar Haddad", "Elin Strand", "Ravi Menon", "Ada Fontaine", "Ben Albers",
    "Cleo Navarro", "Dario Conti", "Eva Lund", "Felix Adler", "Greta Holm", "Hugo Marais",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guest:
    """A hire of this morning, and the link that somebody has for him; or his own link, and the code for it."""

    hire: HireOfCompany
    link: LinkInMail
    mail: dict[str, Any] = field(repr=False)
    code: str = field(default="", repr=False)


@dataclass(slots=True)
class Morning:
    """The hires of a Monday: many whose pass can be collected now, and one each for whom it cannot."""

    world: World
    company: Company
    amelie: Guest
    early: Guest
    ended: Guest
    used: Guest
    cancelled: Guest
    failed: Guest
    unmade: Guest
    with_code: Guest
    locked: Guest
    with_text: Guest
    of_contact: Guest
    of_desk: Guest
    _free: list[Guest]

    @classmethod
    def begin(cls, world: World) -> Self:
        """Live through the weekend, up to the open window in Berlin."""
        world.reset(BEGINS)
        world.restart_host(extra_settings=settings(world))
        company = Company(world)
        company.change(op="set-throttle", limit=RATE)
        amelie = company.hires()[0]
        special = {name: _new(amelie, number, label) for number, (name, label) in enumerate(_SPECIAL.items(), 100)}
        others = [_new(amelie, number, name) for number, name in enumerate(_NAMES)]
        accounts = [_account(hire) for hire in (*special.values(), *others)]
        elsewhere = {name: special[name] for name in _AT}
        accounts += [_account(hire, **known_of(hire, _AT[name])) for name, hire in elsewhere.items()]
        world.control("POST", "directory", {"ops": accounts})
        for hire in (amelie, special["cancelled"], special["failed"], special["unmade"], *others):
            _announce(company, hire, MONDAY)
        for name, hire in elsewhere.items():
            _announce(company, hire, MONDAY, **told_of(hire, _AT[name]))
        _announce(company, special["early"], TUESDAY, timezone=_SAMOA)
        for hire in (special["ended"], special["used"]):
            _announce(company, hire, MONDAY, timezone=_SAMOA)
        _refuse_a_pass_for(company, special["unmade"])
        _sweep_at(world, *_WEEKEND)
        _await_passes(world, {special["used"].employee_id})
        _sign_in(company, _guests(company, special["used"])[0])
        _sweep_at(world, *_BERLIN)
        _await_passes(world, {hire.employee_id for hire in (amelie, *elsewhere.values(), *others)})
        _announce(company, special["cancelled"], MONDAY, kind="hire.cancelled")
        _announce(company, special["failed"], MONDAY, kind="hire.updated", timezone="Europe/Atlantis")
        world.wait_idle()
        first, *guests = _guests(company, amelie, *special.values(), *others)
        chosen = dict(zip(special, guests, strict=False))
        return cls(world, company, first, **chosen, _free=guests[len(chosen) :])

    def take(self) -> Guest:
        """Give a hire of Berlin whose pass can be collected and whom no other test has had."""
        return self._free.pop(0)

    def take_shared(self) -> Guest:
        """Give a hire for a test that claims nothing; several tests may have the same one."""
        return self._free[-1]

    def be(self, instant: str) -> None:
        """Let it be an instant, or later if it is later already."""
        if datetime.fromisoformat(self.world.now()) < datetime.fromisoformat(instant):
            self.world.set_clock(instant)

    def later(self, span: timedelta) -> None:
        """Let time go by."""
        self.world.advance(f"PT{int(span.total_seconds())}S")

    def row(self, guest: Guest) -> dict[str, Any]:
        """Return what is stored of an onboarding."""
        stored = self.world.storage.rows("onboardings")
        return dict(next(json.loads(row["doc"]) for row in stored if row["RowKey"] == f"o|{guest.link.onboarding}"))

    def make_the_missing_pass(self) -> None:
        """Let Graph make the pass that it refused, and let the app find that out."""
        self.world.control("DELETE", "faults")
        self.world.advance("PT3M")
        self.made(self.unmade)

    def made(self, guest: Guest) -> None:
        """Wait for a pass that is due: a busy machine misses slots of the budget."""
        for _ in range(_PATIENCE):
            self.world.wait_idle()
            if self._can_be_shown(guest):
                return
            self.world.run_timer("sweep")
            if not self._can_be_shown(guest):
                self.world.advance("PT2M")
        raise AssertionError(f"the pass was never made: {self.row(guest)}")

    def _can_be_shown(self, guest: Guest) -> bool:
        """Tell whether a pass is sealed, and none of the requests before it may still be carried out."""
        row = self.row(guest)
        return bool((row["issued"] or {}).get("sealed")) and not row["attempts"]


_SPECIAL = {
    "early": "Talia Leota",
    "ended": "Fetu Amosa",
    "used": "Malia Tupua",
    "cancelled": "Paul Rieger",
    "failed": "Rosa Lindner",
    "unmade": "Jette Holm",
    "with_code": "Vera Stein",
    "locked": "Otto Brink",
    "with_text": "Ines Corvo",
    "of_contact": "Lena Fiala",
    "of_desk": "Marek Soto",
}
_AT = {"with_code": STUDIO, "locked": STUDIO, "with_text": FIELD, "of_contact": LOBBY, "of_desk": DEPOT}


def _new(model: HireOfCompany, number: int, name: str) -> HireOfCompany:
    upn = f"new.hire.{number}@larkspur.example"
    return replace(model, upn=upn, employee_id=f"BR-{number:03}", name=name)


def _account(hire: HireOfCompany, **more: Any) -> dict[str, Any]:
    fields = {"userPrincipalName": hire.upn, "displayName": hire.name, "employeeId": hire.employee_id, **more}
    user = {**fields, "userType": "Member", "manager": hire.manager}
    return {"op": "upsert-user", "visible": True, "user": user}


def _announce(company: Company, hire: HireOfCompany, start: str, **changes: Any) -> None:
    answer = company.post(company.event(hire, start, **changes))
    assert answer.status == 202, answer.text()


def _sweep_at(world: World, *instants: str) -> None:
    for instant in instants:
        world.set_clock(instant)
        world.run_timer("sweep", 120)


def _sign_in(company: Company, guest: Guest) -> None:
    """Let the manager in Samoa collect, and the hire sign in, and the app learn of it from the log."""
    manager, claim = company.token(guest.hire.manager), company.claim()
    company.world.set_clock(_SAMOA_OPEN)
    code = company.ask(guest.link, "reveal", manager, claim=claim).json()["pass"]
    company.ask(guest.link, "reveal", manager, claim=claim, done=True)
    company.world.set_clock(_SAMOA_WORKS)
    assert company.sign_in(guest.hire, code)["signedIn"]
    _sweep_at(company.world, _SAMOA_KNOWN)


def _await_passes(world: World, wanted: set[str]) -> None:
    """A busy machine misses slots of the budget, and the app tries again a minute later."""
    for _ in range(_PATIENCE):
        stored = (json.loads(row["doc"]) for row in world.storage.rows("onboardings") if row["RowKey"].startswith("o|"))
        missing = wanted - {row["hire"]["external_id"] for row in stored if row["issued"]}
        if not missing:
            return
        world.advance("PT2M")
        world.run_timer("sweep", 120)
    raise AssertionError(f"no pass was made for {missing}")


def _refuse_a_pass_for(company: Company, hire: HireOfCompany) -> None:
    account = company.directory()["people"][hire.upn]["id"]
    fault = {"method": "POST", "path": f"users/{account}/authentication/temporaryAccessPassMethods", "kind": "status"}
    company.world.control("POST", "faults", {**fault, "status": 503, "times": 0})


def _guests(company: Company, *hires: HireOfCompany) -> list[Guest]:
    """Find the link of each hire, and the code that goes with it, among all that was sent."""
    sent = company.world.control("GET", "inbox").json()["mails"]
    return [_guest(hire, sent) for hire in hires]


def _guest(hire: HireOfCompany, sent: list[dict[str, Any]]) -> Guest:
    own = {home(hire), mobile(hire)}
    newest_first = [one for one in reversed(sent) if hire.name in one["subject"] or own & set(one["to"])]
    code = next((found[0] for one in newest_first if (found := CODE.search(one["text"]))), "")
    for mail in newest_first:
        if found := LINK.search(mail["html"]):
            return Guest(hire, LinkInMail(found[0], found[2], found[3]), mail, code)
    raise AssertionError(f"no link was mailed for {hire.name}")
