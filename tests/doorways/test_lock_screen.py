"""Each refusal of the lock screen, reached with a pass that the product made and a manager collected."""

from collections.abc import Callable

from sandbox.people import HireOfCompany
from tests.doorways.scenarios import PROFILE, target
from tests.doorways.story import START, Case, Story

type Spoil = Callable[[Case], object]


def device(case: Case, **fields: object) -> None:
    """Change the hire's device."""
    case.story.change("set-device", device=case.hire.device, fields=fields)


def account(case: Case, *, enabled: bool) -> None:
    """Change the hire's account."""
    case.story.change("upsert-user", user={"userPrincipalName": case.hire.upn, "accountEnabled": enabled})


def domain(case: Case, federation: dict[str, str] | None) -> None:
    """Hand the company's domain to another identity provider, or take it back."""
    case.story.change("set-domain", domain="larkspur.example", federation=federation)


def profile(case: Case, **changes: object) -> None:
    """Change the profile."""
    case.story.change("set-profile", profile=PROFILE, **changes)


def assigned(case: Case) -> None:
    """Assign the profile to the group and nothing else."""
    profile(case, assignments=[target(case.hire.group)])


def member(case: Case, op: str) -> None:
    """Put the hire's device into the group, or out of it."""
    case.story.change(op, group=case.hire.group, member=case.hire.device)


def policy(case: Case, state: str) -> None:
    """Switch the tenant's passes on or off."""
    case.story.change("set-policy", policy={"state": state})


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


SPOILED: tuple[tuple[str, Spoil, Spoil], ...] = (
    ("no-web-sign-in", lambda case: profile(case, assignments=[]), assigned),
    ("no-web-sign-in", lambda case: profile(case, enabled="0"), lambda case: profile(case, enabled="1")),
    ("no-web-sign-in", excluded, assigned),
    ("no-web-sign-in", filtered, assigned),
    ("no-web-sign-in", lambda case: member(case, "remove-member"), lambda case: member(case, "add-member")),
    (
        "build-too-old",
        lambda case: device(case, operatingSystemVersion="10.0.22621.1000"),
        lambda case: device(case, operatingSystemVersion="10.0.22621.2361"),
    ),
    (
        "not-entra-joined",
        lambda case: device(case, trustType="ServerAd"),
        lambda case: device(case, trustType="AzureAd"),
    ),
    (
        "device-disabled",
        lambda case: device(case, accountEnabled=False),
        lambda case: device(case, accountEnabled=True),
    ),
    ("no-internet", lambda case: device(case, online=False), lambda case: device(case, online=True)),
    ("account-disabled", lambda case: account(case, enabled=False), lambda case: account(case, enabled=True)),
    (
        "federated-elsewhere",
        lambda case: domain(case, {"federatedIdpMfaBehavior": "enforceMfaByFederatedIdp"}),
        lambda case: domain(case, None),
    ),
    ("pass-disabled-by-policy", lambda case: policy(case, "disabled"), lambda case: policy(case, "enabled")),
)
"""Each reason, how it comes about, and how it is mended."""
GONE: tuple[tuple[str, str, Spoil], ...] = (
    (
        "unknown-device",
        "amelie-brandt",
        lambda case: case.story.change("delete-device", device=case.hire.device),
    ),
    ("unknown-user", "jonas-keller", lambda case: case.story.change("delete-user", user=case.hire.upn)),
    ("pass-expired", "zofia-nowak", lambda case: case.story.world.set_clock(f"{START}T16:00:01Z")),
)
"""What nothing mends, and whom it befalls."""


def before_the_lock_screen(story: Story, hire: HireOfCompany) -> tuple[Case, str]:
    """Bring a hire with a valid, collected pass to the device."""
    case = story.posts(hire)
    code = case.collected()
    case.valid()
    return case, code


def test_one_thing_wrong_keeps_the_hire_out(story: Story) -> None:
    """With everything right but one thing, the lock screen names that thing; with that mended, the hire gets in."""
    case, code = before_the_lock_screen(story, story.hire())
    for reason, spoil, mend in SPOILED:
        spoil(case)
        assert refused(case, code) == reason
        mend(case)
        assert case.signs_in(code)["signedIn"], f"{reason} was mended"
        story.company.reboot(case.hire)


def test_what_is_gone_keeps_the_hire_out(story: Story) -> None:
    """The device, the account, the hours: none of them comes back."""
    cases = [story.posts(story.hire(key)) for _, key, _ in GONE]
    codes = [case.collected() for case in cases]
    cases[0].valid()
    for (reason, _, spoil), case, code in zip(GONE, cases, codes, strict=True):
        assert case.signs_in(code)["signedIn"]
        spoil(case)
        assert refused(case, code) == reason


def refused(case: Case, code: str) -> str:
    """See the hire kept out; return why."""
    seen = case.signs_in(code)
    assert not seen["signedIn"]
    return str(seen["reason"])


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
