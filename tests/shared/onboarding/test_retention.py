"""What is left of a row when personal data are erased: a closed list, so that a new field has to be thought about."""

from dataclasses import MISSING, fields, replace
from datetime import timedelta

from shared.onboarding import lifecycle, schedule
from shared.onboarding.collector import Route
from shared.onboarding.device_side import Web
from shared.onboarding.model import Ask, Onboarding, Origin, Request
from shared.onboarding.reasons import Reason
from shared.onboarding.schedule.keeping import Keep
from shared.onboarding.statuses import Due, Status, Step, WebSignIn
from shared.sources.hire import HireData
from tests.shared.onboarding.rows import COLLECTOR, NOW, SUBJECT, fresh

STAYS = {
    *("id", "source", "created", "status", "reason", "told", "version", "schema", "due", "web_due", "device_due"),
    *("ended_at", "retry_at", "noticed_at", "handed_over_at", "used_at", "use_checked_at", "methods_checked_at"),
    *("methods_known", "doomed", "erased", "forgotten", "memberships"),
}
"""What happened, why and when, and what has to be taken back yet. Nobody can be found by it."""
EMPTIED = {"hire", "origin", "web"}
"""What has no default: see below."""


def ended() -> Onboarding:
    """Return a row that has ended, with everything personal in it."""
    row = lifecycle.found(fresh(), SUBJECT, COLLECTOR)
    row = replace(
        row,
        ask=Ask("asker", by_person=True, route=Route.DESK, why="words of a person"),
        request=Request("user", None, None, "body"),
        web=Web(WebSignIn.WAITING, Reason.SCOPE_UNCLEAR, "detail", "group", NOW),
        follows=NOW,
        detail="detail",
    )
    return lifecycle.failed(row, Reason.IMPOSSIBLE_START, "detail", NOW)


def test_every_field_that_does_not_stay_is_emptied() -> None:
    """A field of the row is either in the list of those that stay, or as if it had never been filled."""
    row = lifecycle.erased(ended())
    for field in fields(Onboarding):
        if field.name in STAYS | EMPTIED:
            continue
        empty = None if field.default is MISSING else field.default
        assert getattr(row, field.name) == empty, field.name
    assert row.hire == HireData(external_id="", display_name="", start_date="")
    assert row.origin == Origin(row.origin.occurred_at, "")
    assert row.web == Web(WebSignIn.WAITING, Reason.SCOPE_UNCLEAR)


def test_settings_say_how_long() -> None:
    """Personal data go after the one setting, who is who after the other, counted from the end; then none is due."""
    keep = Keep(timedelta(days=3), timedelta(days=50))
    row = replace(ended(), told=(Reason.IMPOSSIBLE_START,))
    first = schedule.scheduled(row, keep).due
    assert first == Due(Step.ERASE, NOW + keep.data, NOW + keep.data + keep.data)
    row = schedule.scheduled(lifecycle.erased(row), keep)
    assert row.due is not None
    assert (row.due.step, row.due.at) == (Step.FORGET_PEOPLE, NOW + keep.people)
    assert schedule.scheduled(lifecycle.people_forgotten(row), keep).due is None


def test_who_is_to_be_erased_is_neither_told_nor_kept_waiting() -> None:
    """A live one is withdrawn, what it left in Graph goes first, then all is due to be erased at once."""
    asked = lifecycle.erasure_asked(lifecycle.found(fresh(), SUBJECT, COLLECTOR), "admin", NOW)
    assert (asked.status, asked.reason) == (Status.CANCELLED, Reason.REVOKED)
    due, doomed = schedule.scheduled(asked).due, schedule.scheduled(replace(asked, doomed=True)).due
    assert (due and (due.step, due.at), doomed and doomed.step) == ((Step.ERASE, NOW), Step.REVOKE)
    assert lifecycle.erased(asked).erase_for == ""
