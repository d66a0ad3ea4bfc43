"""Each refusal of the lock screen, reached with a pass that the product made and a manager collected."""

from collections.abc import Callable

import pytest

from sandbox.people import HireOfCompany
from tests.doorways.scenarios import PROFILE, target
from tests.doorways.story import START, Case, Story

type Spoil = Callable[[Case], object]


def device(case: Case, **fields: object) -> None:
    """Change the hire's device."""
    case.story.change("set-device", device=case.hire.device, fields=fields)


def federated(case: Case) -> None:
    """The company's domain is handed to another identity provider."""
    case.story.change(
        "set-domain", domain="larkspur.example", federation={"federatedIdpMfaBehavior": "enforceMfaByFederatedIdp"}
    )


def excluded(case: Case) -> None:
    """Another administrator excludes the very group."""
    exclusion = target(case.hire.group, "exclusionGroupAssignmentTarget")
    case.story.change("set-profile", profile=PROFILE, assignments=[target(case.hire.group), exclusion])


def filtered(case: Case) -> None:
    """Another administrator narrows the assignment to tablets."""
    used = next(iter(case.story.company.directory()["filters"]))
    narrowed = target(
        case.hire.group,
        deviceAndAppManagementAssignmentFilterId=used,
        deviceAndAppManagementAssignmentFilterType="include",
    )
    case.story.change("set-profile", profile=PROFILE, assignments=[narrowed])


SPOILED: list[tuple[str, Spoil]] = [
    ("no-web-sign-in", lambda case: case.story.change("set-profile", profile=PROFILE, assignments=[])),
    ("no-web-sign-in", lambda case: case.story.change("set-profile", profile=PROFILE, enabled="0")),
    ("no-web-sign-in", excluded),
    ("no-web-sign-in", filtered),
    (
        "no-web-sign-in",
        lambda case: case.story.change("remove-member", group=case.hire.group, member=case.hire.device),
    ),
    ("build-too-old", lambda case: device(case, operatingSystemVersion="10.0.22621.1000")),
    ("not-entra-joined", lambda case: device(case, trustType="ServerAd")),
    ("device-disabled", lambda case: device(case, accountEnabled=False)),
    ("no-internet", lambda case: device(case, online=False)),
    ("unknown-device", lambda case: case.story.change("delete-device", device=case.hire.device)),
    ("unknown-user", lambda case: case.story.change("delete-user", user=case.hire.upn)),
    (
        "account-disabled",
        lambda case: case.story.change(
            "upsert-user", user={"userPrincipalName": case.hire.upn, "accountEnabled": False}
        ),
    ),
    ("federated-elsewhere", federated),
    ("pass-disabled-by-policy", lambda case: case.story.change("set-policy", policy={"state": "disabled"})),
    ("pass-expired", lambda case: case.story.world.set_clock(f"{START}T16:00:01Z")),
]


def before_the_lock_screen(story: Story, hire: HireOfCompany) -> tuple[Case, str]:
    """Bring a hire with a valid, collected pass to the device."""
    case = story.posts(hire)
    code = case.collected()
    case.valid()
    return case, code


@pytest.mark.parametrize(("reason", "spoil"), SPOILED, ids=[f"{name}-{n}" for n, (name, _) in enumerate(SPOILED)])
def test_one_thing_wrong_keeps_the_hire_out(story: Story, reason: str, spoil: Spoil) -> None:
    """With everything right but one thing, the lock screen names that thing."""
    case, code = before_the_lock_screen(story, story.hire())
    spoil(case)
    refused = case.signs_in(code)
    assert (refused["signedIn"], refused["reason"]) == (False, reason)


def test_the_pass_itself_is_looked_at(story: Story) -> None:
    """Too early, mistyped, somebody else's, right, and right again after a restart."""
    case = story.posts(story.hire())
    code = case.collected()
    assert case.signs_in(code)["reason"] == "pass-not-yet-valid"
    case.valid()
    assert case.signs_in(code[:-1])["reason"] == "wrong-pass"
    other = story.posts(story.hire("jonas-keller"), START)
    assert story.company.sign_in(other.hire, code)["reason"] == "wrong-pass"
    assert case.signs_in(code)["signedIn"]
    story.company.reboot(case.hire)
    assert case.signs_in(code)["signedIn"]


def test_a_one_time_pass_is_used_up(story: Story) -> None:
    """One-time by policy: after the restart it is refused as used."""
    story.change("set-policy", policy={"isUsableOnce": True})
    case, code = before_the_lock_screen(story, story.hire())
    assert case.signs_in(code)["signedIn"]
    story.company.reboot(case.hire)
    assert case.signs_in(code)["reason"] == "pass-used"


def test_the_group_was_brought_into_scope_and_others_left_as_they_were(story: Story) -> None:
    """What the product wrote is what was there, to the letter, and one assignment more."""
    before = story.company.directory()["profile"]["assignments"]
    case = story.posts(story.hire())
    case.moves_on()
    after = story.company.directory()["profile"]["assignments"]
    assert after[: len(before)] == before
    assert [added["target"]["groupId"] for added in after[len(before) :]] == [case.hire.group]
    assert len(story.asked("POST", "/assign$")) == 1


def test_a_second_hire_of_the_same_group_writes_nothing(story: Story) -> None:
    """A group that is in scope already costs no write."""
    first, second = story.posts(story.hire()), story.posts(story.hire("jonas-keller"))
    first.moves_on()
    story.later(minutes=3)
    assert second.read()["webSignIn"]["status"] == "in-scope"
    assert len(story.asked("POST", "/assign$")) == 1
