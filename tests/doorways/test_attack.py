"""What an attacker with an HR system's secret can do: nothing but make work for the desk."""

from itertools import product
from typing import Any

import pytest

from tests.doorways.story import ADMIN, ATTACKER, CFO, DESK, START, Case, Story

MANAGER = "ingrid.solheim@larkspur.example"


def names_the_cfo(story: Story, **changes: Any) -> Case:
    """Post what the attacker would: the CFO's account, and himself as the manager."""
    return story.posts(story.hire(CFO), manager={"userName": ATTACKER}, **changes)


def the_day_goes_by(story: Story) -> None:
    """Let the hours of the start day come: time for a notice, a link and a pass, and for the day to end."""
    for time in ("05:21", "05:30", "09:00", "16:30"):
        story.at(f"{START}T{time}:00Z")
    story.later(minutes=3)


def assert_nothing_went_out(story: Story) -> None:
    """See that no link was mailed to anybody, and that the attacker heard nothing."""
    assert story.links() == []
    assert story.mails(ATTACKER) == []
    assert story.passes() == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "account-too-old"),
        ({"externalId": "LK-9999"}, "employee-number-differs"),
        ({"userName": None}, "account-too-old"),
    ],
)
def test_the_cfos_account_with_the_attacker_as_manager_leads_nowhere(
    story: Story, changes: dict[str, Any], reason: str
) -> None:
    """An event naming the CFO and the attacker as manager waits for a person, whatever number it brings."""
    case = names_the_cfo(story, **changes)
    assert case.waits_for(reason)["releasable"]
    the_day_goes_by(story)
    assert_nothing_went_out(story)
    assert case.status == "expired"


def test_without_a_release_the_desk_is_told_once_and_nobody_else(story: Story) -> None:
    """However often the waiting hire is looked at, the desk has one mail, with Entra's name, and no link."""
    case = names_the_cfo(story, displayName="Nina Newhire")
    case.waits_for("account-too-old")
    for _ in range(4):
        story.later(minutes=31)
    (mail,) = story.mails()
    assert mail["to"] == [DESK]
    assert case.id in mail["text"]
    assert "Marcus Adeyemi" in mail["subject"] + mail["text"]
    assert "Nina Newhire" not in mail["subject"] + mail["text"] + mail["html"]


def test_who_may_not_release(story: Story) -> None:
    """Nobody without the role, no application, and neither the target nor the collector releases a hire."""
    case = names_the_cfo(story)
    case.waits_for("account-too-old")
    for by, roles, app, kind in (
        (ATTACKER, (), False, "role-missing"),
        (ATTACKER, ("Pass.Read",), False, "role-missing"),
        (MANAGER, ("Pass.Admin",), False, "own-case"),
        ("marcus.adeyemi@larkspur.example", ("Pass.Admin",), False, "own-case"),
        ("hr-automation", ("Pass.Admin",), True, "person-needed"),
    ):
        answer = case.confirmed(by, *roles, app=app)
        assert (answer.status, answer.json()["type"]) == (403, f"urn:day-one-pass:problem:{kind}"), (by, roles)
        assert case.status == "waiting", (by, roles)
    the_day_goes_by(story)
    assert_nothing_went_out(story)


def test_even_a_release_sends_the_link_to_entras_manager_only(story: Story) -> None:
    """A Pass.Admin who falls for it sends the link to the CFO's real manager, never to the one the event names."""
    case = names_the_cfo(story)
    case.waits_for("account-too-old")
    assert case.confirmed(ADMIN).status == 202
    case.until("issued")
    assert [link.onboarding for link in story.links(MANAGER)] == [case.id]
    assert story.mails(ATTACKER) == []
    assert story.links(DESK) == []
    difference = next(mail for mail in story.mails(DESK) if "different managers" in mail["subject"])
    assert "Ingrid Solheim" in difference["text"]
    assert "noor" in difference["text"]


def test_an_attacker_who_is_both_admin_and_manager_cannot_release_for_himself(story: Story) -> None:
    """Made manager in Entra too, the attacker still meets four eyes: he would be the collector."""
    hire = story.hire("wanda-wieder")
    story.change("upsert-user", user={"userPrincipalName": hire.upn, "manager": ATTACKER})
    case = story.posts(hire)
    case.waits_for("account-too-old")
    assert case.confirmed(ATTACKER, "Pass.Admin").json()["type"].endswith("own-case")


def test_a_release_holds_for_the_account_and_the_manager_it_was_given_for(story: Story) -> None:
    """When the manager in Entra becomes another after the release, the hire waits for a release again."""
    hire = story.hire("wanda-wieder")
    case = story.posts(hire)
    case.waits_for("account-too-old")
    assert case.confirmed().status == 202
    story.change("upsert-user", user={"userPrincipalName": hire.upn, "manager": ATTACKER})
    case.waits_for("account-too-old")
    the_day_goes_by(story)
    assert_nothing_went_out(story)


def test_a_later_event_cannot_turn_a_release_to_another_account(story: Story) -> None:
    """After the release an update that names the CFO's account under the same number waits anew."""
    case = story.posts(story.hire("wanda-wieder"))
    case.waits_for("account-too-old")
    assert case.confirmed().status == 202
    story.world.advance("PT1M")
    story.posts(case.hire, kind="hire.updated", userName="marcus.adeyemi@larkspur.example")
    case.waits_for("employee-number-differs")
    the_day_goes_by(story)
    assert_nothing_went_out(story)


def test_whoever_may_release_sees_the_account_that_an_event_named_after_the_link(story: Story) -> None:
    """The link is out for the hire when an event names the CFO's account: it dies, and mail and status name the CFO."""
    case = story.posts(story.hire()).until("invited")
    old = case.link()
    story.posts(case.hire, kind="hire.updated", userName="marcus.adeyemi@larkspur.example")
    before = len(story.mails(DESK))
    waiting = case.waits_for("employee-number-differs")
    assert waiting["user"]["userPrincipalName"] == "marcus.adeyemi@larkspur.example"
    (mail,) = story.mails(DESK)[before:]
    assert "Marcus Adeyemi" in mail["subject"]
    assert case.hire.name not in mail["subject"] + mail["text"]
    assert case.reveal(story.company.claim(), link=old).status == 403
    the_day_goes_by(story)
    assert story.links() == [old]
    assert story.passes() == []
    assert case.status == "expired"


def test_a_right_number_does_not_carry_over_to_another_user_name(story: Story) -> None:
    """An event with a new hire's own number and the user name of another new hire waits."""
    other = story.hire("jonas-keller")
    case = story.posts(story.hire(), userName=other.upn)
    assert case.waits_for("employee-number-differs")["user"]["userPrincipalName"] == other.upn
    the_day_goes_by(story)
    assert_nothing_went_out(story)


CLOSED = {
    "dana-direkt": "account-privileged",
    "greta-gruppe": "account-privileged",
    "emil-eligible": "account-privileged",
    "ella-eligible-gruppe": "account-privileged",
    "udo-einheit": "account-privileged",
    "rita-rollengruppe": "account-privileged",
    "svc-payroll": "account-protected",
    "break-glass-1": "account-privileged",
    "gus-gast": "account-is-guest",
    "gesa-gesperrt": "account-disabled",
}


def test_accounts_that_no_event_and_no_person_opens(story: Story) -> None:
    """Roles held in any way, protected groups, guests, disabled accounts: no release sets these aside."""
    cases = {key: posted_with_a_manager(story, key) for key in CLOSED}
    for key, case in cases.items():
        assert not case.waits_for(CLOSED[key])["releasable"], key
        assert case.confirmed().json()["type"].endswith("nothing-to-release"), key
        case.retried()
    the_day_goes_by(story)
    assert_nothing_went_out(story)


def posted_with_a_manager(story: Story, key: str) -> Case:
    """Post a hire of the company whose number and manager are as they should be."""
    hire = story.hire(key)
    if key == "ella-eligible-gruppe":
        story.change("upsert-group", group={"displayName": "Pilots of Intune", "isAssignableToRole": True})
        story.change("add-member", group="Pilots of Intune", member=hire.upn)
        story.change("make-eligible", principal="Pilots of Intune", role="Intune Administrator")
    story.change(
        "upsert-user", user={"userPrincipalName": hire.upn, "employeeId": hire.employee_id, "manager": MANAGER}
    )
    return story.posts(hire)


READ_OF_ROLES = (
    "/roleManagement/directory/roleAssignments",
    "/roleManagement/directory/roleEligibility",
    "/transitiveMemberOf",
)
REFUSALS = (
    (403, "Authorization_RequestDenied", "permission-missing"),
    (500, "serviceException", "tenant-unavailable"),
)


def test_what_cannot_be_read_of_an_accounts_roles_is_not_taken_to_be_harmless(story: Story) -> None:
    """Fail closed: with one of the reads of roles and groups failing, there is neither a link nor a pass."""
    waiting: list[tuple[Case, str, str]] = []
    for path, (status, code, reason) in product(READ_OF_ROLES, REFUSALS):
        hire = story.newcomer()
        story.fault(f"(?=.*{path}).*{story.account(hire)}", status=status, code=code)
        waiting.append((story.posts(hire), path, reason))
    for case, path, reason in waiting:
        case.until("waiting")
        assert case.reason == reason, path
    story.at(f"{START}T05:21:00Z")
    assert_nothing_went_out(story)


def test_a_tenant_without_p2_goes_on(story: Story) -> None:
    """Without Entra ID P2 nobody can be eligible, and ordinary hires get their pass."""
    story.change("set-p2", present=False)
    story.posts(story.hire()).until("issued")
    assert len(story.passes()) == 1


def test_a_role_given_between_link_and_pass_stops_the_pass(story: Story) -> None:
    """The account is checked again just before the pass is asked for."""
    case = story.posts(story.hire()).until("invited")
    story.change("assign-role", principal=case.hire.upn, role="Helpdesk Administrator")
    case.waits_for("account-privileged")
    assert story.passes() == []
