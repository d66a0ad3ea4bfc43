"""What is watched in the tenant once a pass is made."""

from tests.doorways.story import DESK, START, Case, Story

LOG = "/auditLogs/signIns"
REPORT = "/userRegistrationDetails"


def collected_together(story: Story, *keys: str) -> list[tuple[Case, str]]:
    """Let the managers of some hires collect the passes the moment the window opens."""
    cases = [story.posts(story.hire(key)) for key in keys]
    for case in cases:
        case.until("issued")
    cases[0].opens()
    return [(case, str(case.reveal(story.company.claim()).json()["pass"])) for case in cases]


def mailed_to(story: Story, case: Case, words: str) -> list[str]:
    """Return to whom mails about a hire with such words in the subject went."""
    found = [mail for mail in story.mails() if case.hire.name in mail["subject"] and words in mail["subject"]]
    return sorted(address for mail in found for address in mail["to"])


def test_one_look_serves_all_who_hold_a_pass(story: Story) -> None:
    """Used, missed at ten, back again, and warned before sessions end: each asked once, whatever the number of hires.

    A log that shows nothing later tells nothing: somebody is missed only when another's sign-in shows how far it is.
    """
    (amelie, one), (jonas, two), (zofia, three) = collected_together(
        story, "amelie-brandt", "jonas-keller", "zofia-nowak"
    )
    amelie.valid()
    assert amelie.signs_in(one)["signedIn"]
    assert jonas.signs_in(two)["signedIn"]
    for at in ("07:30", "07:45", "08:00", "08:15"):
        story.at(f"{START}T{at}:00Z")
    assert [case.status for case in (amelie, jonas, zofia)] == ["used", "used", "opened"]
    assert [request["path"].count("userId") for request in story.asked("GET", LOG)] == [3, 0, 1, 0, 1]
    assert mailed_to(story, zofia, "not signed in") == []

    story.company.sign_in(jonas.hire, "mistyped")
    for at in ("08:30", "08:45"):
        story.at(f"{START}T{at}:00Z")
    assert mailed_to(story, zofia, "not signed in") == sorted([DESK, zofia.hire.manager_mail])
    assert (zofia.status, zofia.reason) == ("opened", "not-signed-in")
    assert zofia.signs_in(three)["signedIn"]
    story.change("register-method", user=jonas.hire.upn, method="windowsHelloForBusiness")
    story.at(f"{START}T09:00:00Z")
    assert (zofia.status, zofia.reason) == ("used", None)

    for at in ("14:00", "14:15", "15:00"):
        story.at(f"{START}T{at}:00Z")
    assert len(story.asked("GET", REPORT)) == 1
    for case in (amelie, zofia):
        assert (case.status, case.reason) == ("used", "sessions-end")
        assert mailed_to(story, case, "set up another way") == sorted([DESK, case.hire.manager_mail])
    assert (jonas.reason, mailed_to(story, jonas, "set up another way")) == (None, [])
    assert story.links(DESK) == []


def test_what_the_tenant_does_not_show_stays_unknown(story: Story) -> None:
    """Log and report fail: nobody is missed, and an hour before the end the mail says that nothing can be told.

    Nor is anybody where only the question about the hires fails, and another's sign-in shows how far the log is.
    """
    [(case, code)] = collected_together(story, "amelie-brandt")
    case.valid()
    assert case.signs_in(code)["signedIn"]
    story.fault(LOG, status=403, code="Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    for at in ("07:30", "07:45", "08:20"):
        story.at(f"{START}T{at}:00Z")
    story.mended()
    story.fault(f"{LOG}.*userId", status=503)
    story.company.sign_in(story.hire("jonas-keller"), "mistyped")
    story.at(f"{START}T08:30:00Z")
    assert (case.status, case.reason, mailed_to(story, case, "not signed in")) == ("opened", None, [])
    story.mended()
    story.at(f"{START}T08:45:00Z")
    assert case.status == "used"

    story.fault(REPORT, "reset")
    for at in ("14:00", "14:15", "14:45"):
        story.at(f"{START}T{at}:00Z")
    assert mailed_to(story, case, "set up another way") == []
    story.at(f"{START}T15:00:00Z")
    story.at(f"{START}T15:15:00Z")
    assert mailed_to(story, case, "set up another way") == sorted([DESK, case.hire.manager_mail])
    assert "cannot be told yet" in story.mails(DESK)[-1]["text"]
