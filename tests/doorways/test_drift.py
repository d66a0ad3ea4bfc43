"""What changes in the tenant between a pass and its window: read again just before, then mended or said."""

from shared.onboarding.reasons import ADVICE, Reason
from tests.doorways.scenarios import PROFILE
from tests.doorways.story import DESK, START, Case, Story

BEFORE_THE_WINDOW = f"{START}T05:27:00Z"
ROLE = "62e90394-69f5-4237-9190-012177145e10"


def issued_together(story: Story, *keys: str) -> list[Case]:
    """Bring some hires of one site to the point where their passes are made."""
    cases = [story.posts(story.hire(key)) for key in keys]
    return [case.until("issued") for case in cases]


def told(story: Story, case: Case, to: str) -> int:
    """Count the mails to somebody that say this hire waits or is held back."""
    subjects = [mail["subject"] for mail in story.mails(to) if case.hire.name in mail["subject"]]
    return sum("waiting" in subject or "held back" in subject for subject in subjects)


def test_what_holds_no_more_before_the_window_is_mended_or_said(story: Story) -> None:
    """A role takes the pass away, the policy blocks it, another manager gets a link of his own, the scope is put back.

    Mended, it goes on by itself; once somebody has collected, nothing of this touches the pass any more, and a role
    given since is only told.
    """
    privileged, blocked, moved = issued_together(story, "amelie-brandt", "jonas-keller", "zofia-nowak")
    kept = {held["userId"]: held["id"] for held in story.passes()}
    people = story.company.directory()["people"]
    old = moved.link()
    story.change("assign-role", principal=privileged.hire.upn, role=ROLE)
    out = story.change("upsert-group", group={"displayName": "No passes"})["id"]
    story.change("add-member", group=out, member=blocked.hire.upn)
    story.change("set-policy", policy={"excludeTargets": [{"targetType": "group", "id": out}]})
    story.change("upsert-user", user={"userPrincipalName": moved.hire.upn, "manager": privileged.hire.manager})
    story.change("set-profile", profile=PROFILE, assignments=[])
    story.at(BEFORE_THE_WINDOW)
    for _ in range(3):
        story.later(minutes=1)

    assert (privileged.status, privileged.reason) == ("waiting", "account-privileged")
    assert (blocked.status, blocked.reason) == ("waiting", "policy-excludes-account")
    assert moved.status == "issued"
    held = {one["userId"]: one["id"] for one in story.passes()}
    assert people["amelie-brandt"]["id"] not in held
    assert held[people["jonas-keller"]["id"]] == kept[people["jonas-keller"]["id"]]
    assert held[people["zofia-nowak"]["id"]] != kept[people["zofia-nowak"]["id"]]
    assert [case.read()["webSignIn"]["status"] for case in (privileged, blocked, moved)] == ["in-scope"] * 3
    assert story.company.directory()["profile"]["assignments"] != []

    claim = story.company.claim()
    for case in (privileged, blocked):
        assert (told(story, case, DESK), told(story, case, case.hire.manager_mail)) == (1, 1)
        refused = case.reveal(claim)
        assert (refused.status, "pass" in refused.json()) == (409, False)
    assert moved.reveal(claim, link=old).status == 403
    new = story.links(privileged.hire.manager_mail)[-1]
    assert new.onboarding == moved.id
    assert moved.reveal(claim, by=privileged.hire.manager, link=new).status == 200

    story.change("remove-roles", principal=privileged.hire.upn)
    story.change("set-policy", policy={"excludeTargets": []})
    story.change("assign-role", principal=moved.hire.upn, role=ROLE)
    for minutes in (5, 25, 1):
        story.later(minutes=minutes)
    assert [case.status for case in (privileged, blocked, moved)] == ["issued", "issued", "opened"]
    assert len(story.passes()) == 3
    for case in (privileged, blocked):
        assert case.reveal(claim).status == 200
        assert (told(story, case, DESK), told(story, case, case.hire.manager_mail)) == (1, 1)

    for at in ("07:30", "07:45", "08:00"):
        story.at(f"{START}T{at}:00Z")
    assert [(case.status, case.reason) for case in (privileged, moved)] == [
        ("opened", None),
        ("opened", "privileged-since"),
    ]
    assert len([mail for mail in story.mails(DESK) if ADVICE[Reason.PRIVILEGED_SINCE] in mail["text"]]) == 1
    assert len(story.passes()) == 3


def test_a_policy_that_turned_to_one_time_makes_the_pass_anew(story: Story) -> None:
    """Entra blocks a pass that may be used again; a one-time pass takes its place under the same link."""
    [case] = issued_together(story, "amelie-brandt")
    before = story.passes()[0]["id"]
    story.change("set-policy", policy={"isUsableOnce": True})
    story.at(BEFORE_THE_WINDOW)
    story.later(minutes=1)
    (held,) = story.passes()
    assert (held["id"] != before, held["isUsableOnce"]) == (True, True)
    case.opens()
    code = case.reveal(story.company.claim()).json()["pass"]
    case.valid()
    assert len(story.links(case.hire.manager_mail)) == 1
    assert case.signs_in(code)["signedIn"]
