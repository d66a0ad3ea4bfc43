"""Those who collect where the manager does not, each from the message to the pass: a contact, the desk, a hire alone.

The manager's way is in `test_page_collecting`, and that of a hire whose manager tells the code in `test_page_codes`.
"""

from tests.browser.morning import WORKS, Guest, Morning
from tests.browser.offices import CONTACT, mobile
from tests.browser.visitor import Visitor

DESK = "it.desk@larkspur.example"
ADMIN = "mei.tanaka@larkspur.example"
OLU = "olu.bakare@larkspur.example"
"""At the helpdesk, with Pass.HandOver."""


def uses_another_account(person: Visitor, user: str) -> None:
    """Having been refused, sign in as somebody else; the key is still there."""
    person.press("Use another account")
    person.sees("sign-in")
    person.signs_in(user)


def is_shown(person: Visitor) -> str:
    """Press the one button; return the pass."""
    person.sees_well("open")
    person.press("Show the pass")
    person.sees_well("shown")
    return person.sees_pass()


def works(morning: Morning, guest: Guest, code: str) -> bool:
    """Type the pass at the hire's computer."""
    morning.be(WORKS)
    return bool(morning.company.sign_in(guest.hire, code)["signedIn"])


def test_the_contact_of_the_office_collects_and_the_manager_does_not(person: Visitor, morning: Morning) -> None:
    """Whom settings name has the mail and the pass; the hire's own manager has no mail, and no use of the link."""
    guest = morning.of_contact
    assert guest.mail["to"] == [CONTACT]
    person.opens_mail(guest)
    person.sees_well("sign-in")
    person.signs_in(guest.hire.manager)
    person.sees_well("refused")
    assert guest.hire.name not in person.words()
    uses_another_account(person, CONTACT)
    code = is_shown(person)
    assert person.heading() == f"The pass for {guest.hire.name}"
    assert works(morning, guest, code)


def test_the_desk_collects_with_its_role_and_the_audit_names_who(person: Visitor, morning: Morning) -> None:
    """The link lies in a mailbox of many: whoever holds Pass.HandOver is shown the pass, nobody else, and is named."""
    guest = morning.of_desk
    assert guest.mail["to"] == [DESK]
    person.arrives(guest, CONTACT)
    person.sees("refused")
    assert "At the helpdesk: sign in with your own account" in person.words()
    uses_another_account(person, OLU)
    code = is_shown(person)
    assert works(morning, guest, code)
    company = morning.company
    seen = company.status(guest.link.onboarding, company.token(ADMIN, "Pass.Admin"))
    opened = next(entry for entry in seen["history"] if entry["what"] == "opened")
    assert seen["people"][opened["by"]] == company.directory()["people"]["olu-bakare"]["id"]


def test_a_hire_alone_has_the_link_by_mail_and_the_code_by_text(person: Visitor, morning: Morning) -> None:
    """A mailbox and a telephone, and neither has both; the page asks for the code and for no sign-in."""
    guest = morning.with_text
    (text,) = morning.company.mails(mobile(guest.hire))
    assert guest.code in text["text"]
    assert "/pass/" not in text["text"]
    assert guest.code not in guest.mail["html"]
    person.opens_mail(guest)
    person.sees_well("code")
    person.types(guest.code)
    code = is_shown(person)
    assert person.heading() == "Your pass"
    assert not [request.url for request in person.requests if "/login" in request.url]
    assert works(morning, guest, code)
