"""The mails: what each says, what none may say, and what a name cannot do to them."""

import dataclasses
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.keys.links import link
from shared.handover.keys.pickup import PickupCode
from shared.handover.keys.sealing import new_key_pair
from shared.handover.mails import hire_messages
from shared.handover.mails.desk_messages import (
    Fault,
    code_locked_to_desk,
    difference_to_desk,
    fault_to_desk,
    not_opened_to_desk,
    opened_to_desk,
    passed_over_to_desk,
    reissues_spent_to_desk,
    unplanned_fault_to_desk,
)
from shared.handover.mails.messages import (
    cancelled,
    changed,
    expired,
    invitation,
    not_opened,
    notice,
    opened,
)
from shared.handover.mails.parts import Facts
from shared.handover.mails.reminders import not_signed_in, sessions_end
from shared.planning.exceptional import Exceptional
from shared.tenant.ports.mail import Mail

TO = "mia@contoso.example"
DESK = "desk@contoso.example"
HOUR = timedelta(hours=1)
FROM = datetime(2026, 11, 30, 7, tzinfo=UTC)
KEY, _ = new_key_pair()
LINK = link("https://pass.example", "a1B2c3", KEY)
HIRES_LINK = link("https://pass.example", "a1B2c3", KEY, with_code=True)
CODE = PickupCode("BCDFGHJK")
FACTS = Facts(
    reference="a1B2c3",
    hire="Anna Berg",
    site="Berlin",
    zone="Europe/Berlin",
    starts_at=FROM + HOUR,
    opens_at=FROM - HOUR / 2,
    valid_from=FROM,
    valid_until=FROM + 10 * HOUR,
    desk=DESK,
)
FAULT = Fault("waiting", "Another pass is live.", "Let it run out, then retry.")
STARTS = "Monday 30 November 2026, 09:00 (Europe/Berlin, UTC+01:00)"
OPENS = "Monday 30 November 2026, 07:30 (Europe/Berlin, UTC+01:00)"
WORKS = "Monday 30 November 2026, 08:00 to 18:00 (Europe/Berlin, UTC+01:00)"

type Maker = Callable[[Facts], Mail]
MAILS: dict[str, Maker] = {
    "notice": lambda facts: notice(TO, facts, hr_manager=facts.hire),
    "invitation": lambda facts: invitation(TO, facts, LINK, delivery=1),
    "changed": lambda facts: changed(TO, facts),
    "cancelled": lambda facts: cancelled(TO, facts),
    "expired": lambda facts: expired(TO, facts),
    "never-made": lambda facts: expired(TO, facts, made=False),
    "not-opened": lambda facts: not_opened(TO, facts, collector=facts.hire),
    "opened": lambda facts: opened(TO, facts, at=facts.opens_at),
    "opened-desk": lambda facts: opened_to_desk(facts, at=facts.opens_at),
    "not-opened-desk": lambda facts: not_opened_to_desk(facts, collector=facts.hire, stand_in=True),
    "reissues-spent": lambda facts: reissues_spent_to_desk(facts, collector=facts.hire),
    "fault": lambda facts: fault_to_desk(facts, Fault(facts.hire, facts.hire, facts.hire)),
    "unplanned": lambda facts: unplanned_fault_to_desk(FAULT, reference=facts.reference, hire=facts.hire, desk=DESK),
    "difference": lambda facts: difference_to_desk(facts, manager=facts.hire, hr_manager=facts.hire),
    "passed-over": lambda facts: passed_over_to_desk(
        facts, collector=facts.hire, hr_manager=facts.hire, instead_of="the manager"
    ),
    "not signed in": lambda facts: not_signed_in(TO, facts),
    "sessions end": lambda facts: sessions_end(TO, facts, none_at=None),
    "hire-notice": lambda facts: hire_messages.notice(TO, facts, hr_manager=facts.hire),
    "hire-code": lambda facts: hire_messages.code(TO, facts, CODE, delivery=1),
    "hire-link": lambda facts: hire_messages.link(TO, facts, HIRES_LINK, delivery=2),
    "hire-changed": lambda facts: hire_messages.changed(TO, facts),
    "hire-locked": lambda facts: hire_messages.locked(TO, facts, None),
    "hire-locked-desk": code_locked_to_desk,
}
TO_MANAGER = ("notice", "invitation", "changed", "cancelled", "expired", "never-made", "not-opened")
each_mail = pytest.mark.parametrize("make", MAILS.values(), ids=MAILS.keys())


class _Reader(HTMLParser):
    """Collects what a browser would: tags with attributes, and the text in front of the reader."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _read(mail: Mail) -> _Reader:
    reader = _Reader()
    reader.feed(mail.html)
    reader.close()
    return reader


def _says(mail: Mail, words: str) -> None:
    """Hold that both forms of a mail hold the words, in one piece."""
    assert words in mail.text
    assert words in "".join(_read(mail).text)


@each_mail
def test_every_mail_carries_its_reference_and_the_desk(make: Maker) -> None:
    """Whoever calls the desk has something to quote, in both forms of the mail and in its header."""
    mail = make(FACTS)
    assert mail.reference == "a1B2c3"
    _says(mail, "a1B2c3")
    _says(mail, DESK)


@each_mail
def test_no_mail_fetches_anything(make: Maker) -> None:
    """No image, script, frame, form, font or style from elsewhere: opening a mail tells nobody."""
    mail = make(FACTS)
    reader = _read(mail)
    assert not {tag for tag, _ in reader.tags} & {
        "img",
        "script",
        "iframe",
        "link",
        "form",
        "object",
        "svg",
        "video",
        "base",
    }
    assert not [attrs for _, attrs in reader.tags if attrs.keys() & {"src", "srcset", "background", "action"}]
    assert "url(" not in mail.html.lower()
    assert "@import" not in mail.html.lower()


@pytest.mark.parametrize("kind", [kind for kind in MAILS if kind not in {"invitation", "hire-link"}])
def test_only_invitations_have_a_link(kind: str) -> None:
    """No other mail holds a web address: there is nothing to tap, and nothing to imitate."""
    mail = MAILS[kind](FACTS)
    assert "http" not in mail.html
    assert "http" not in mail.text
    targets = [attrs["href"] for _, attrs in _read(mail).tags if "href" in attrs]
    assert targets == ["mailto:desk@contoso.example?subject=Reference%20a1B2c3"]


def test_the_invitation_has_its_link_as_button_and_as_text() -> None:
    """The link can be tapped and copied, and stands alone on its line of the plain text."""
    mail = invitation(TO, FACTS, LINK, delivery=1)
    assert next(attrs["href"] for tag, attrs in _read(mail).tags if tag == "a") == LINK.reveal()
    _says(mail, LINK.reveal())
    assert LINK.reveal() in mail.text.splitlines()


def test_the_invitation_does_not_show_its_link_in_subject_or_repr() -> None:
    """What is logged of a mail, and what shows on a locked phone, holds no key."""
    mail = invitation(TO, FACTS, LINK, delivery=1)
    assert KEY.reveal() not in repr(mail)
    assert KEY.reveal() not in mail.subject


def test_the_invitation_says_all_that_a_manager_needs() -> None:
    """When the page opens, when the pass works, when to collect, and not to forward."""
    mail = invitation(TO, FACTS, LINK, delivery=1)
    for words in (STARTS, OPENS, WORKS, "Do not forward", "at the moment Anna Berg needs it", "Link number 1", "twice"):
        _says(mail, words)
    assert mail.subject == "First sign-in of Anna Berg: your link (number 1)"
    assert mail.to == TO


def test_a_later_link_says_that_earlier_ones_are_dead() -> None:
    """From the second on, the number tells which mail counts."""
    second = invitation(TO, FACTS, LINK, delivery=2)
    _says(second, "This is link number 2. Links from earlier mails no longer work.")
    assert "(number 2)" in second.subject
    assert "earlier mails" not in invitation(TO, FACTS, LINK, delivery=1).text


def test_the_notice_says_who_comes_when_and_what_will_happen() -> None:
    """The day before: who, when, where, what to expect, and what to do if it is a mistake."""
    mail = notice(TO, FACTS)
    for words in (
        STARTS,
        OPENS,
        WORKS,
        "Berlin",
        "nothing to do today",
        f"A mail with a link comes to you before {OPENS}.",
        "Is Anna Berg not joining your team, or not on this day? Tell the helpdesk before then.",
    ):
        _says(mail, words)
    assert "HR names" not in mail.text


def test_the_notice_tells_of_another_manager_in_hr() -> None:
    """A difference between HR and directory is shown to the one who collects."""
    _says(
        notice(TO, FACTS, hr_manager="Sam Other"), "HR names Sam Other as the manager; the company directory names you."
    )


UNUSUAL = {
    Exceptional.LATE_ON_START_DAY: "The pass works on Monday 30 November 2026 instead.",
    Exceptional.AFTER_START_DAY: "The pass works on Monday 30 November 2026 instead.",
    Exceptional.FREE_DAY: "Monday 30 November 2026 is a weekend or a public holiday there.",
    Exceptional.SKIPPED_TIME: "so the start counts as 09:00.",
    Exceptional.REPEATED_TIME: "the first of the two is meant",
    Exceptional.EARLY_WINDOW: "Sunday 29 November 2026, 22:30 (America/Los_Angeles, UTC-08:00)",
    Exceptional.SHORT_LIFETIME: "The pass ends early, at 18:00.",
    Exceptional.SHORT_BY_POLICY: "The pass ends early, at 18:00.",
}


@pytest.mark.parametrize("make", [MAILS["notice"], MAILS["invitation"], MAILS["changed"]])
@pytest.mark.parametrize("named", Exceptional)
def test_what_is_not_as_usual_is_said(make: Maker, named: Exceptional) -> None:
    """Each named exception has its sentence, and only where it holds; a wave changes nothing that people see."""
    told = dataclasses.replace(FACTS, exceptions=(named,), collector_zone="America/Los_Angeles")
    if named is Exceptional.BROUGHT_FORWARD:
        assert make(told).text == make(FACTS).text
        return
    _says(make(told), UNUSUAL[named])
    assert UNUSUAL[named] not in make(FACTS).text


@pytest.mark.parametrize("kind", ["notice", "changed", "fault", "difference"])
def test_mails_without_a_link_say_which_link_stays_right(kind: str) -> None:
    """Nobody hunts for a newer link after a mail that has none."""
    sent = dataclasses.replace(FACTS, link_mailed_at=FROM - HOUR)
    _says(
        MAILS[kind](sent),
        "The link in our mail of Monday 30 November 2026, 07:00 (Europe/Berlin, UTC+01:00) stays right.",
    )
    assert "stays right" not in MAILS[kind](FACTS).text


@pytest.mark.parametrize("kind", ["cancelled", "expired"])
def test_the_end_says_that_the_link_is_dead(kind: str) -> None:
    """After the end no mail calls a link right."""
    mail = MAILS[kind](dataclasses.replace(FACTS, link_mailed_at=FROM - HOUR))
    assert "no longer work" in mail.text
    assert "stays right" not in mail.text


def test_expired_does_not_claim_that_the_pass_was_not_used() -> None:
    """The sign-in log may lag: the mail says what is known."""
    _says(MAILS["expired"](FACTS), "If Anna Berg is signed in, or did not come, you need do nothing")


def test_expired_says_until_when_the_same_link_makes_a_fresh_pass() -> None:
    """Where it may, the link is named by its mail; where it may not, the desk is; and the desk reads it, too."""
    facts = dataclasses.replace(FACTS, link_mailed_at=FROM - HOUR, reissue_until=FACTS.valid_until + 72 * HOUR)
    until = "until Thursday 3 December 2026, 18:00 (Europe/Berlin, UTC+01:00) it makes a fresh pass"
    for kind in ("expired", "never-made"):
        _says(MAILS[kind](facts), "the link in our mail of Monday 30 November 2026, 07:00")
        _says(MAILS[kind](facts), until)
        _says(MAILS[kind](FACTS), "ask the helpdesk for a new one")
    _says(fault_to_desk(facts, FAULT), f"U{until[1:]}")


def test_a_fault_tells_the_desk_why_and_what_to_do() -> None:
    """The desk learns status, reason and remedy, and goes by the mail alone."""
    for mail in (
        fault_to_desk(FACTS, FAULT),
        unplanned_fault_to_desk(FAULT, reference="a1", hire="Anna Berg", desk=DESK),
    ):
        assert mail.to == DESK
        assert mail.subject.endswith("waiting")
        for words in ("“waiting”", "Another pass is live.", "Let it run out, then retry."):
            _says(mail, words)


def test_a_difference_tells_the_desk_both_names() -> None:
    """The desk sees whom HR and whom Entra names, and that nothing waits."""
    mail = difference_to_desk(FACTS, manager="Mia Manager", hr_manager="Sam Other")
    assert mail.to == DESK
    for words in ("Mia Manager", "Sam Other", "Nothing waits for you."):
        _says(mail, words)


def test_a_site_may_be_unknown() -> None:
    """Without a site there is no empty line for it."""
    assert "Site" not in notice(TO, dataclasses.replace(FACTS, site=None)).text


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><a href='https://evil.example'>x</a>",
    "$link ${title} $$ %s {0}",
    "Anna\r\nBcc: evil@evil.example\r\n\r\n<b>",
    "\u202egnirtS\u2066\u200f\x00\x1b[31m",
    "visit https://evil.example/now or www.evil.example",
    "&lt;b&gt; &amp;amp;",
    "x" * 10_000,
    "",
]


@each_mail
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_cannot_change_a_mail(make: Maker, hostile: str) -> None:
    """Whatever stands in a name or site: the same tags, no new line, no address, no control character."""
    mail = make(dataclasses.replace(FACTS, hire=hostile, site=hostile))
    usual = make(dataclasses.replace(FACTS, site=FACTS.site if hostile else None))
    assert _read(mail).tags == _read(usual).tags
    assert mail.text.count("\n") == usual.text.count("\n")
    assert mail.subject.isprintable()
    assert len(mail.subject) <= 200
    for form in (mail.subject, mail.text.replace("\n", ""), mail.html.replace("\n", "")):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", form)
        assert "evil.example" not in form


@given(hire=st.text(alphabet=st.characters(), max_size=120))
def test_no_name_of_any_characters_changes_the_invitation(hire: str) -> None:
    """The same holds for names drawn at random."""
    mail = invitation(TO, dataclasses.replace(FACTS, hire=hire), LINK, delivery=1)
    usual = invitation(TO, FACTS, LINK, delivery=1)
    assert _read(mail).tags == _read(usual).tags
    assert mail.text.count("\n") == usual.text.count("\n")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mia",
        "mia@",
        "a@b@c",
        "a@b.example, c@d.example",
        "a@b.example\nBcc: x@y",
        "Mia <a@b.example>",
        "a b@c.d",
        "a\x00@b.c",
    ],
)
def test_an_address_that_is_not_one_is_refused(address: str) -> None:
    """A mail goes to one plain address or is not written."""
    with pytest.raises(ValueError, match="not one plain mail address"):
        notice(address, FACTS)
    with pytest.raises(ValueError, match="not one plain mail address"):
        notice(TO, dataclasses.replace(FACTS, desk=address))


@pytest.mark.parametrize("kind", TO_MANAGER)
def test_a_subject_says_no_more_than_it_needs(kind: str) -> None:
    """A subject names the hire and the matter, neither site, nor address, nor reference."""
    subject = MAILS[kind](FACTS).subject
    assert "Anna Berg" in subject
    for more in ("Berlin", "@", "a1B2c3"):
        assert more not in subject


def test_the_warning_of_sessions_says_what_is_known_and_of_when() -> None:
    """A report of four o'clock is quoted with its hour; where none can tell, the mail says so."""
    _says(sessions_end(TO, FACTS, none_at=FROM + 8 * HOUR), "at 16:00 there was no other way to sign in")
    _says(sessions_end(TO, FACTS, none_at=None), "cannot be told yet")
    _says(sessions_end(TO, FACTS, none_at=None), "Anna Berg is out at 18:00")


def test_whoever_is_missed_gets_help_at_the_lock_screen() -> None:
    """The mail names the steps at the lock screen, when the pass ends, and which link stays right."""
    for words in ("the globe (Web sign-in)", "Monday 30 November 2026, 18:00", "tell the helpdesk today"):
        _says(not_signed_in(TO, FACTS), words)
