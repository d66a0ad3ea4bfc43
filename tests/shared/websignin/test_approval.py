"""Writes that another administrator has to approve: asked for once, awaited by all, carried out as they were asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.tenant.errors import ApprovalNeededError, ApprovalRejectedError, TenantRefusedError, TenantUnavailableError
from shared.tenant.ports.profiles import Approval, ApprovalRequest, Profile
from shared.websignin.approval import REJECTION_HOLDS, Asked, Next, decide
from shared.websignin.approved import ApprovedProfiles, AskedRequests
from shared.websignin.merge import Write, merge

NOW = datetime(2030, 6, 3, 8, tzinfo=UTC)
type Assigned = tuple[Mapping[str, Any], ...]


@dataclass
class Row:
    """What was asked, in memory."""

    kept: dict[str, Asked] = field(default_factory=dict)

    async def read(self, name: str) -> Asked | None:
        return self.kept.get(name)

    async def keep(self, name: str, asked: Asked) -> None:
        self.kept[name] = asked

    async def forget(self, name: str) -> None:
        self.kept.pop(name, None)


@dataclass
class Intune:
    """One protected profile. `lost`: the next answers do not arrive."""

    held: Assigned = ()
    asked: list[tuple[ApprovalRequest, Assigned]] = field(default_factory=list)
    lost: int = 0

    async def find(self, id_or_name: str) -> tuple[Profile, ...]:
        return (Profile(id_or_name, "Web sign-in", "windows10", web_sign_in=True, assignments=self.held),)

    async def make(self, body: Mapping[str, Any], approval: Approval) -> str:
        if approval.request is None:
            self._ask((body,), approval.why)
        assert (approval.request, body["name"]) == ("r1", "Web sign-in")
        return "made"

    async def filter_rule(self, filter_id: str) -> str | None:
        raise NotImplementedError

    async def requests(self) -> tuple[ApprovalRequest, ...]:
        return tuple(request for request, _ in self.asked)

    async def assign(self, profile_id: str, assignments: Assigned, approval: Approval) -> None:
        assert profile_id == "p"
        if approval.request is None:
            self._ask(assignments, approval.why)
        found = next(index for index, (one, _) in enumerate(self.asked) if one.id == approval.request)
        request, write = self.asked[found]
        if request.status != "approved" or write != assignments:
            raise TenantRefusedError(400, "BadRequest", "not approved for this")
        self.asked[found] = (replace(request, status="completed"), write)
        self.held = assignments

    def _ask(self, assignments: Assigned, why: str) -> None:
        if any(one.status in {"needsApproval", "approved"} for one, _ in self.asked):
            raise ApprovalNeededError("An active Approval Request already exists", None)
        request = ApprovalRequest(f"r{len(self.asked) + 1}", "needsApproval", why)
        self.asked.append((request, assignments))
        if self.lost:
            self.lost -= 1
            raise TenantUnavailableError("no answer")
        raise ApprovalNeededError("Approval Required", request.id)

    def decide(self, status: str) -> None:
        """Decide the newest request."""
        request, write = self.asked.pop()
        self.asked.append((replace(request, status=status), write))


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


class Company:
    """Hires of groups in one tenant; `bring` is what a look at one of them does, under the lease."""

    def __init__(self) -> None:
        self.intune, self.row, self.clock = Intune(), Row(), Clock()

    async def bring(self, group: str, *, may_ask: bool = True) -> None:
        asked: AskedRequests = self.row  # type: ignore[assignment]
        profiles = ApprovedProfiles(self.intune, asked, self.clock, may_ask=may_ask)
        merged = merge(self.intune.held, group)
        assert isinstance(merged, Write)
        await profiles.assign("p", merged.assignments)

    def groups(self) -> list[str]:
        return [each["target"]["groupId"] for each in self.intune.held]


async def test_many_hires_wait_for_one_request_and_the_first_to_see_it_approved_carries_it_out() -> None:
    """Of one group or of another: whoever looks first writes what was asked for, then asks for his own."""
    company = Company()
    for group in ("g1", "g1", "g2"):
        with pytest.raises(ApprovalNeededError) as waits:
            await company.bring(group)
        assert waits.value.request == "r1"
        assert "r1: https://intune.microsoft.com/" in waits.value.detail
    company.intune.decide("approved")
    await company.bring("g2")
    assert (company.groups(), company.row.kept) == (["g1"], {})
    with pytest.raises(ApprovalNeededError) as waits:
        await company.bring("g2")
    company.intune.decide("approved")
    await company.bring("g2")
    assert (company.groups(), len(company.intune.asked)) == (["g1", "g2"], 2)


async def test_what_was_approved_and_fits_no_more_is_asked_anew() -> None:
    """Another administrator has assigned a group meanwhile: the approved write would take it out again."""
    company = Company()
    with pytest.raises(ApprovalNeededError):
        await company.bring("g1")
    company.intune.decide("approved")
    theirs = merge((), "theirs")
    assert isinstance(theirs, Write)
    company.intune.held = theirs.assignments
    with pytest.raises(ApprovalNeededError):
        await company.bring("g1")
    assert company.groups() == ["theirs"]
    company.intune.decide("expired")
    with pytest.raises(ApprovalNeededError, match="r2"):
        await company.bring("g1")
    company.intune.decide("approved")
    await company.bring("g1")
    assert company.groups() == ["theirs", "g1"]


async def test_a_request_whose_answer_was_lost_is_found_by_its_words() -> None:
    """It stands in Intune's list; nobody is asked twice."""
    company = Company()
    company.intune.lost = 1
    with pytest.raises(TenantUnavailableError):
        await company.bring("g1")
    with pytest.raises(ApprovalNeededError, match="r1"):
        await company.bring("g1")
    company.intune.decide("approved")
    await company.bring("g1")
    assert (company.groups(), len(company.intune.asked)) == (["g1"], 1)


async def test_a_rejection_holds_for_all_who_waited_and_a_person_may_have_it_asked_again() -> None:
    """Not for the hire it was asked for, nor for an hour for anybody; then whoever is put back to work asks."""
    company = Company()
    with pytest.raises(ApprovalNeededError):
        await company.bring("g1")
    company.intune.decide("rejected")
    for may_ask in (True, True, False):
        with pytest.raises(ApprovalRejectedError):
            await company.bring("g1", may_ask=may_ask)
    company.clock.at += REJECTION_HOLDS
    with pytest.raises(ApprovalRejectedError):
        await company.bring("g1", may_ask=False)
    with pytest.raises(ApprovalNeededError, match="r2"):
        await company.bring("g1")


async def test_an_approval_that_is_not_taken_is_forgotten() -> None:
    """The next look asks anew."""
    company = Company()
    with pytest.raises(ApprovalNeededError):
        await company.bring("g1")
    company.intune.decide("approved")
    company.intune.asked[0] = (company.intune.asked[0][0], ())
    with pytest.raises(TenantRefusedError, match="not approved for this"):
        await company.bring("g1")
    assert company.row.kept == {}


@pytest.mark.parametrize(
    ("status", "change", "expected"),
    [
        ("needsApproval", "c", Next.WAIT),
        ("needsApproval", "other", Next.WAIT),
        ("somethingNew", "c", Next.WAIT),
        ("approved", "c", Next.RESUBMIT),
        ("approved", "other", Next.ASK),
        ("rejected", "c", Next.GIVE_UP),
        ("cancelled", "c", Next.GIVE_UP),
        ("expired", "c", Next.ASK),
        ("completed", "c", Next.ASK),
        (None, "c", Next.ASK),
    ],
)
def test_each_status_leads_on(status: str | None, change: str, expected: Next) -> None:
    """Intune's words, one it has not told us of among them; who may not ask gives up instead."""
    asked = Asked("r", "c", "{}")
    assert decide(asked, status, change, NOW, may_ask=True) is expected
    without = Next.GIVE_UP if expected is Next.ASK else expected
    assert decide(asked, status, change, NOW, may_ask=False) is without
    assert decide(None, None, change, NOW, may_ask=True) is Next.ASK
    rejected = replace(asked, rejected_at=NOW)
    assert decide(rejected, status, "c", NOW + timedelta(minutes=59), may_ask=True) is Next.GIVE_UP


async def test_a_profile_to_be_made_waits_for_approval_too() -> None:
    """One request, and then the same body once more."""
    company = Company()
    asked: AskedRequests = company.row  # type: ignore[assignment]
    profiles = ApprovedProfiles(company.intune, asked, company.clock, may_ask=True)
    body = {"name": "Web sign-in"}
    with pytest.raises(ApprovalNeededError, match="r1"):
        await profiles.make(body)
    with pytest.raises(ApprovalNeededError, match="r1"):
        await profiles.make(body)
    company.intune.decide("approved")
    assert await profiles.make(body) == "made"
    assert company.row.kept == {}
