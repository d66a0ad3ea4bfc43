"""A hire collects alone: the link in his own mailbox, the code on his own telephone, where settings name that route.

And mails go by another channel while Exchange does not take them.
"""

import json

from sandbox.tenant.communication import MAIL_SENDER, TEXT_SENDER
from shared.onboarding.reasons import PASSED_OVER, Reason
from tests.doorways.story import DESK, START, Case, Story
from tests.doorways.test_hires_link import WRONG, brings, home, link

DAY_AFTER = "2030-06-04"
MOBILE = "+49 151 1234 5678"
NUMBER = "+4915112345678"


def with_texts(story: Story) -> None:
    """Let Berlin's hires collect alone, and mails and texts go by Azure Communication Services, too."""
    sites = json.loads(story.world.settings()["SITES"])
    sites["Berlin"]["collectorChain"] = ("hire+text", "hire+manager", "desk")
    channels = {
        "MAIL_CHANNELS": '["graph", "communication"]',
        "COMMUNICATION_ENDPOINT": story.world.tenant,
        "COMMUNICATION_MAIL_SENDER": MAIL_SENDER,
        "COMMUNICATION_TEXT_SENDER": TEXT_SENDER,
    }
    story.world.restart_host(extra_settings={"SITES": json.dumps(sites), **channels})


def posted(story: Story, key: str, mobile: str | None, held: str = MOBILE, start: str = START) -> Case:
    """Let HR announce somebody in Berlin with a private address and a number; and Entra hold a number, too."""
    hire = story.hire(key)
    address = f"{hire.employee_id.casefold()}@home.example"
    known = {"officeLocation": "Berlin", "otherMails": [address], "mobilePhone": held}
    story.change("upsert-user", user={"userPrincipalName": hire.upn, **known})
    numbers = [{"type": "mobile", "value": mobile}] if mobile else None
    return story.posts(hire, start, emails=[{"type": "home", "value": address}], phoneNumbers=numbers)


def test_the_hire_has_link_and_code_alone_or_somebody_else_collects(story: Story) -> None:
    """No message has both and no text a name; a code is never sent where the link goes, whatever fails.

    Where HR and Entra do not hold one number, or a text is not taken, the manager tells the code; wrong codes count as
    on any hire's link; mails that Exchange does not take go by the other channel; and the pass opens the account.
    """
    with_texts(story)
    case = posted(story, "amelie-brandt", "0049 (0)151 12345678")
    with_manager = {
        "hire-mobile-differs": posted(story, "jonas-keller", "+49 151 0000 0000"),
        "hire-mobile-missing": posted(story, "zofia-nowak", None),
    }
    case.until("issued")
    (text,) = story.mails(NUMBER)
    assert case.hire.name.split()[0] not in text["text"]
    code, mine = story.company.texted_code(NUMBER), story.company.claim()
    told = [mail["text"] for mail in story.mails() if case.id in mail["text"]]
    assert not [one for one in told if code in one], "the code is in no mail"
    assert [mail["to"] for mail in story.mails() if link(case).key in mail["text"]] == [[home(case)]]
    case.opens()
    refused = [brings(case, "state", WRONG, mine), case.state(link=link(case))]
    assert {answer.status for answer in refused} == {403}, "nor does the manager's sign-in open it"
    story.world.advance("PT5S")
    assert brings(case, "state", code, mine).json()["state"] == "open"
    shown = brings(case, "reveal", None, mine)
    case.valid()
    assert case.signs_in(shown.json()["pass"])["signedIn"] is True
    for reason, one in with_manager.items():
        told_by_manager(one, Reason(reason))
    written = "".join(story.world.logs().values()) + json.dumps([story.rows(), case.read(), story.asked("POST")])
    assert [secret for secret in (code, mine, link(case).key, shown.json()["pass"]) if secret in written] == []
    told_by_manager(with_channels_that_fail(story), Reason("text-not-taken"))


def with_channels_that_fail(story: Story) -> Case:
    """Refuse the text while Exchange is away: people hear of it by the other channel, and the desk knows why."""
    story.fault("/sms", status=400)
    story.fault("/sendMail", status=503)
    case = posted(story, "anna-altbau", MOBILE, start=DAY_AFTER)
    case.until("invited")
    assert len(story.mails(NUMBER)) == 1, "nothing more came to the telephone"
    assert {mail["from"] for mail in story.mails() if case.id in mail["text"]} == {MAIL_SENDER}
    assert [
        mail for mail in story.mails(DESK) if "the text message with the code was not taken" in mail["text"].lower()
    ]
    assert "route shut" in {entry["what"] for entry in case.read()["history"]}
    return case


def told_by_manager(case: Case, reason: Reason) -> None:
    """See that the hire has the link, the manager the code, nobody both, and that it is said why."""
    seen = case.read()
    assert (seen["collector"]["route"], PASSED_OVER[reason] in seen["warning"]) == ("hire+manager", True)
    code = case.story.company.code(case.hire.manager_mail, case.hire)
    assert code
    assert not [mail for mail in case.story.mails(home(case)) if code in mail["text"]]
    assert link(case).onboarding == case.id
