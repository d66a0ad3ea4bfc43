"""The mails of a hire's own link: no mail holds both link and code, and each says what its reader has to do."""

import dataclasses

from shared.handover.mails import hire_messages
from shared.handover.mails.desk_messages import code_locked_to_desk, difference_to_desk
from shared.handover.mails.messages import changed, expired
from shared.handover.mails.reminders import not_signed_in
from tests.shared.handover.mails.test_messages import CODE, DESK, FACTS, FROM, HIRES_LINK, HOUR, KEY, TO, WORKS

BY_HIRE = dataclasses.replace(FACTS, vouches="Mia Manager")
MAILED = dataclasses.replace(BY_HIRE, link_mailed_at=FROM - HOUR)
HOME = "anna@home.example"


def test_the_code_is_large_and_spelled_and_in_one_mail_alone() -> None:
    """In the manager's mail it stands in two groups and in words for the telephone; neither subject nor repr has it."""
    mail = hire_messages.code(TO, BY_HIRE, CODE, delivery=1)
    for form in (mail.text, mail.html):
        assert "BCDF-GHJK" in form
        assert "Bravo, Charlie, Delta, Foxtrot, Golf, Hotel, Juliett, Kilo" in form
        assert "in person, or by a call to a number you already know. Never by mail or chat." in form
        assert "http" not in form
    assert mail.subject == "First sign-in of Anna Berg: the pick-up code (number 1)"
    assert "BCDF" not in repr(mail) + mail.subject
    others = (
        hire_messages.notice(TO, BY_HIRE),
        hire_messages.link(HOME, BY_HIRE, HIRES_LINK, delivery=1),
        hire_messages.changed(HOME, MAILED),
        hire_messages.locked(TO, MAILED, None),
        code_locked_to_desk(MAILED),
    )
    assert not [each for each in others if "BCDF" in each.text + each.html or "Bravo" in each.text]


def test_the_hires_mail_has_the_link_and_says_who_has_the_code() -> None:
    """To a private mailbox: no name in the subject, the link with its mark, whom to ask, and when the pass works."""
    mail = hire_messages.link(HOME, BY_HIRE, HIRES_LINK, delivery=2)
    assert mail.to == HOME
    assert mail.subject == "Your first sign-in: your link (number 2)"
    assert f"#{KEY.reveal()}.code\n" in mail.text
    for words in (
        WORKS,
        "Ask Mia Manager for the code",
        "It has 8 letters",
        "Links from earlier mails no longer work.",
    ):
        assert words in mail.text
    assert KEY.reveal() not in repr(mail)


def test_a_lock_is_told_with_the_one_step_that_helps() -> None:
    """The manager asks the helpdesk, which has the request for a fresh link and code word for word."""
    to_manager, to_desk = hire_messages.locked(TO, MAILED, None), code_locked_to_desk(MAILED)
    assert "ask the helpdesk for a fresh link and code" in to_manager.text
    assert to_desk.to == DESK
    assert "POST /api/passes/a1B2c3/resend\n" in to_desk.text
    assert '{"deliverTo": "manager"}' in to_desk.text


def test_mails_to_the_manager_speak_of_the_code_where_the_hire_has_the_link() -> None:
    """New hours, a difference with HR, an end, a sign-in that is missed: none tells the manager to open a link."""
    assert "The link that Anna Berg has from our mail of Monday 30 November 2026, 07:00" in changed(TO, MAILED).text
    assert "A mail with a code comes to you" in changed(TO, BY_HIRE).text
    assert "Entra (gets the code)" in difference_to_desk(BY_HIRE, manager="Mia", hr_manager="Sam").text
    assert "The code goes to you." in hire_messages.notice(TO, BY_HIRE, hr_manager="Sam Other").text
    anew = dataclasses.replace(MAILED, reissue_until=FROM + 80 * HOUR)
    assert "Anna Berg can have a fresh pass made until" in expired(TO, anew).text
    assert "and its code, stay right" in not_signed_in(TO, MAILED).text
