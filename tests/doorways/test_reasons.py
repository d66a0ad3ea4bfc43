"""Every reason to wait or to end: reached through the doorways, shown with what to do, and left when it is mended."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from shared.onboarding.reasons import ADVICE, RELEASABLE, Reason
from tests.doorways import test_ad_hoc, test_chain, test_drift, test_records, test_reissue, test_several, test_watching
from tests.doorways.scenarios import SCENARIOS, Scenario
from tests.doorways.story import DESK, MOST_STEPS, Case, Story


def life_in(seen: dict[str, Any], life: str) -> dict[str, Any]:
    """Return what the status API says of one life."""
    return dict(seen if life == "pass" else seen["webSignIn"])


def comes_to(case: Case, reason: Reason, found: Scenario) -> dict[str, Any]:
    """Go on until the reason shows."""
    for _ in range(MOST_STEPS):
        whole = case.read()
        seen = life_in(whole, found.life)
        if seen["reason"] == reason:
            return seen
        case.moves_on(whole)
    raise AssertionError(f"never {reason}: {case.read()}")


IN_TESTS_OF_THEIR_OWN: Mapping[Reason, Callable[..., None]] = {
    Reason.RELEASE_NEEDED: test_ad_hoc.test_a_request_for_the_desk_waits_for_a_second_person,
    Reason.OWN_REQUEST: test_ad_hoc.test_nobody_asks_for_himself,
    Reason.CONTACT_MISSING: test_ad_hoc.test_the_contact_is_whom_settings_name_for_the_office,
    Reason.NO_DEVICE_KNOWN: test_ad_hoc.test_without_office_and_department_no_device_is_known_and_the_pass_goes_on,
    Reason.REVOKED: test_ad_hoc.test_a_revoked_pass_is_gone_within_one_sweep,
    Reason.NOT_OPENED: test_chain.test_half_an_hour_before_the_start_others_hear_of_a_pass_that_nobody_opened,
    Reason.REISSUES_SPENT: test_reissue.test_it_did_not_work_twice_then_the_desk,
    Reason.PRIVILEGED_SINCE: test_drift.test_what_holds_no_more_before_the_window_is_mended_or_said,
    Reason.NOT_SIGNED_IN: test_watching.test_one_look_serves_all_who_hold_a_pass,
    Reason.SESSIONS_END: test_watching.test_one_look_serves_all_who_hold_a_pass,
    Reason.OUTSIDE_PILOT: test_several.test_a_pilot_serves_its_group_and_its_offices_and_nobody_else,
    **dict.fromkeys(
        (
            Reason.SOURCE_ACCESS_REFUSED,
            Reason.SOURCE_UNAVAILABLE,
            Reason.RECORD_MISSING,
            Reason.RECORD_INCOMPLETE,
        ),
        test_records.test_a_hire_of_whom_only_an_id_was_told_gets_a_pass_and_every_hindrance_is_said,
    ),
    Reason.OTHER_ONBOARDING_RUNNING: test_several.test_of_two_sources_the_first_leads_and_the_other_follows,
}
"""What only a request of a person can come to, or what is said of one who waits for nothing, and the test of it."""


def test_no_reason_is_left_out() -> None:
    """Every member of the enumeration has a scenario here, or a test of its own that sees it by name."""
    assert set(SCENARIOS) | set(IN_TESTS_OF_THEIR_OWN) == set(Reason)
    for reason, test in IN_TESTS_OF_THEIR_OWN.items():
        assert f'"{reason.value}"' in inspect.getsource(test)


@pytest.mark.parametrize("reason", SCENARIOS, ids=str)
def test_a_reason_is_reached_shown_told_once_and_left_when_mended(story: Story, reason: Reason) -> None:
    """Shown with advice; the desk has one mail, without a link; and mended, nobody has to press anything more."""
    found = SCENARIOS[reason]
    case = found.begin(story)
    assert_shown(case, reason, found)
    for _ in range(2):
        story.later(minutes=31)
    assert_told_once(story, reason, found)
    if found.mend is not None:
        found.mend(case)
        assert_goes_on(case, found)


def assert_shown(case: Case, reason: Reason, found: Scenario) -> None:
    """See the reason in the status API, with what can be done and when it is looked at again."""
    seen = comes_to(case, reason, found)
    assert seen["advice"] == ADVICE[reason]
    whole = case.read()
    assert whole["releasable"] == (reason in RELEASABLE)
    waits = not found.ends and found.life == "pass"
    assert (whole["status"] == "waiting") == waits
    if waits:
        assert whole["retryAt"] > case.story.now().isoformat()


def assert_told_once(story: Story, reason: Reason, found: Scenario) -> None:
    """See one mail about it at the desk, however often it was looked at; and never a link."""
    about = [mail for mail in story.mails(DESK) if ADVICE[reason][:40] in mail["text"]]
    assert len(about) == (1 if found.told else 0), [mail["subject"] for mail in story.mails(DESK)]
    assert story.links(DESK) == []


def assert_goes_on(case: Case, found: Scenario) -> None:
    """See the pass made, or the device group in scope."""
    if found.life == "pass":
        case.until("issued")
        assert len(case.story.passes()) == 1
        return
    for _ in range(3):
        if case.read()["webSignIn"]["status"] != "in-scope":
            case.story.later(minutes=31)
    assert case.read()["webSignIn"] == {"status": "in-scope", "reason": None}
