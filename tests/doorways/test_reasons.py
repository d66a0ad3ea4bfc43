"""Every reason to wait or to end: reached through the doorways, shown with what to do, and left when it is mended."""

import inspect
from collections.abc import Callable, Mapping

import pytest

from sandbox.world import World
from shared.onboarding.reasons import HOLDS, Reason
from tests.doorways import (
    test_ad_hoc,
    test_approval,
    test_brakes,
    test_chain,
    test_devices,
    test_drift,
    test_hires_link,
    test_hires_text,
    test_profiles,
    test_records,
    test_reissue,
    test_several,
    test_watching,
)
from tests.doorways.scenarios import SCENARIOS
from tests.doorways.side_by_side import Verdicts, live
from tests.doorways.story import Story, as_if_new

IN_TESTS_OF_THEIR_OWN: Mapping[Reason, Callable[..., None]] = {
    Reason.RELEASE_NEEDED: test_ad_hoc.test_a_request_for_the_desk_waits_for_a_second_person,
    Reason.OWN_REQUEST: test_ad_hoc.test_nobody_asks_for_himself,
    Reason.CONTACT_MISSING: test_ad_hoc.test_the_contact_is_whom_settings_name_for_the_office,
    Reason.NO_DEVICE_KNOWN: test_ad_hoc.test_without_office_and_department_no_device_is_known_and_the_pass_goes_on,
    Reason.APPROVAL_NEEDED: test_approval.test_an_assignment_waits_for_an_administrator_and_the_pass_goes_on,
    Reason.APPROVAL_REJECTED: test_approval.test_a_request_that_is_rejected_or_expires,
    Reason.COMPANION_NOT_IN_SCOPE: test_profiles.test_a_missing_companion_holds_up_nothing_and_the_app_may_make_it,
    Reason.REVOKED: test_ad_hoc.test_a_revoked_pass_is_gone_within_one_sweep,
    Reason.NOT_OPENED: test_chain.test_half_an_hour_before_the_start_others_hear_of_a_pass_that_nobody_opened,
    **dict.fromkeys(
        (
            Reason.OPENED,
            Reason.CODE_LOCKED,
            Reason.HIRE_MAIL_MISSING,
            Reason.HIRE_MAIL_DIFFERS,
            Reason.HIRE_MAIL_NOT_PRIVATE,
        ),
        test_hires_link.test_the_hire_has_the_link_and_the_manager_the_code_or_whoever_the_chain_names,
    ),
    **dict.fromkeys(
        (Reason.HIRE_MOBILE_MISSING, Reason.HIRE_MOBILE_DIFFERS, Reason.TEXT_NOT_TAKEN),
        test_hires_text.test_the_hire_has_link_and_code_alone_or_somebody_else_collects,
    ),
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
    **dict.fromkeys(HOLDS, test_brakes.test_each_brake_holds_back_tells_once_and_is_let_go_by_a_person),
    **dict.fromkeys(
        (
            Reason.DEVICE_NOT_NAMED,
            Reason.SERIAL_UNKNOWN,
            Reason.SERIAL_TWICE,
            Reason.DEVICE_MISSING,
            Reason.DEVICE_GROUP_NOT_OURS,
        ),
        test_devices.test_whatever_is_wrong_with_a_device_is_said_and_the_pass_goes_on,
    ),
    Reason.OTHER_ONBOARDING_RUNNING: test_several.test_of_two_sources_the_first_leads_and_the_other_follows,
}
"""What only a request of a person can come to, or what is said of one who waits for nothing, and the test of it."""


def test_no_reason_is_left_out() -> None:
    """Every member of the enumeration has a scenario here, or a test of its own that sees it by name."""
    assert set(SCENARIOS) | set(IN_TESTS_OF_THEIR_OWN) == set(Reason)
    for reason, test in IN_TESTS_OF_THEIR_OWN.items():
        assert f'"{reason.value}"' in inspect.getsource(test)


TOGETHER = [reason for reason, found in SCENARIOS.items() if not found.alone]
BEGINS = "2030-05-31T13:50:00Z"
"""Ten minutes before the notice is due, at which most of them come to their reason."""


@pytest.fixture(scope="module")
def verdicts(brisk_world: World) -> Verdicts:
    """Live through many reasons at once, each with a hire of its own, and keep what was seen of each."""
    return live(as_if_new(brisk_world, BEGINS), TOGETHER)


@pytest.mark.parametrize("reason", TOGETHER, ids=str)
def test_a_reason_is_reached_shown_told_once_and_left_when_mended(verdicts: Verdicts, reason: Reason) -> None:
    """Shown with advice; the desk has one mail, without a link; and mended, nobody has to press anything more."""
    verdicts.see(reason)


@pytest.mark.parametrize("reason", [reason for reason in SCENARIOS if reason not in TOGETHER], ids=str)
def test_a_reason_that_needs_a_world_of_its_own(story: Story, reason: Reason) -> None:
    """The same of what touches everybody: the policy, the app's settings, all of Graph, a day's end."""
    live(story, [reason]).see(reason)
