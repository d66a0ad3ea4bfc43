"""Each mail to a manager or a hire in each language: complete, exact, and not an English word left over."""

import dataclasses
import re

import pytest

from shared.handover.mails import text_messages
from shared.handover.mails.crew_messages import Mate, crew
from shared.handover.mails.parts import Facts
from shared.handover.mails.reminders import held_back, sessions_end
from shared.languages.language import Language
from shared.onboarding.reasons import PASSED_OVER
from shared.planning.exceptional import Exceptional
from tests.shared.handover.mails.test_messages import DESK, FACTS, FROM, HIRES_LINK, HOUR, LINK, MAILS, TO, Maker
from tools.languages import TRANSLATED, texts

TO_PEOPLE: dict[str, Maker] = {
    **{kind: make for kind, make in MAILS.items() if not kind.endswith("-desk") and kind not in {
        "fault", "unplanned", "difference", "passed-over", "reissues-spent",
    }},
    "text-notice": lambda facts: text_messages.notice(TO, facts),
    "text-link": lambda facts: text_messages.link(TO, facts, HIRES_LINK, delivery=2),
    "text-locked": lambda facts: text_messages.locked(TO, facts),
    "crew": lambda facts: crew(TO, facts, [Mate("Anna Berg", facts.zone, FROM, at) for at in (None, FROM + HOUR)]),
    "held back": lambda facts: held_back(TO, facts),
    "sessions end, known": lambda facts: sessions_end(TO, facts, none_at=FROM + 8 * HOUR),
}  # fmt: skip
RICH = dataclasses.replace(
    FACTS,
    exceptions=tuple(Exceptional),
    instead_of=tuple(PASSED_OVER),
    link_mailed_at=FROM - HOUR,
    reissue_until=FROM + 80 * HOUR,
)
BY_HIRE = dataclasses.replace(FACTS, vouches="Mia Moreno")
_TIME = re.compile(r"(?<![\d:])\d\d:\d\d(?![\d:])")
_ENGLISH = sorted(
    (piece for text in texts() for form in text.forms for piece in re.split(r"\{\w+\}", form) if len(piece) > 14),
    key=len,
)


@pytest.mark.parametrize("facts", [FACTS, RICH, BY_HIRE], ids=["usual", "with all that is unusual", "by the hire"])
@pytest.mark.parametrize("kind", TO_PEOPLE)
@pytest.mark.parametrize("language", TRANSLATED)
def test_a_mail_says_the_same_in_every_language(language: Language, kind: str, facts: Facts) -> None:
    """Who, reference and helpdesk, the zone with every instant, the link in one piece; no placeholder, no English."""
    mail, english = TO_PEOPLE[kind](facts.told_in(language)), TO_PEOPLE[kind](facts)
    assert f'<html lang="{language.tag}"' in mail.html
    assert mail.subject != english.subject
    assert len(mail.subject) <= 120
    assert ("Anna Berg" in mail.subject) == ("Anna Berg" in english.subject)
    for form, same in ((mail.text, english.text), (mail.html, english.html)):
        for kept in (DESK, "a1B2c3", "Europe/Berlin, UTC+01:00"):
            assert form.count(kept) == same.count(kept), kept
        for link in (LINK.reveal(), HIRES_LINK.reveal()):
            assert (link in form) == (link in same)
        assert len(_TIME.findall(form)) == len(_TIME.findall(same))
        assert not re.search(r"[{}]", re.sub(r"<style>.*?</style>", "", form, flags=re.DOTALL))
        assert [piece for piece in _ENGLISH if piece in form] == []
    assert _sentences(mail.text) & _sentences(english.text) == set()
    assert re.findall(r"<[a-z]+", mail.html) == re.findall(r"<[a-z]+", english.html)


def _sentences(text: str) -> set[str]:
    """Return the lines that say something, without their numbers: not links, names, or a code that is spelled."""
    lines = (re.sub(r"^(\d+\.|!) ", "", line) for line in text.splitlines())
    return {line for line in lines if len(line.split()) > 2 and re.search(r"[a-z]{3} [a-z]", line)}
