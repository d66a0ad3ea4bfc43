"""Every finding of the check-up: seeded into facts that are clean otherwise, and found, by its check and no other."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.checkup.catalogue import CHECKS, report
from shared.checkup.facts import Coming, Facts, Mailbox, Read, SweepSeen, Unread
from shared.checkup.finding import State
from shared.checkup.hires import ENTRA_P1, INTUNE
from shared.tenant.ports.devices import GroupKind
from shared.tenant.ports.profiles import ApprovalRequest
from shared.websignin.readiness import Gap, Obstacle, unready
from tests.shared.checkup.facts import (
    ACCOUNT,
    CLEAN,
    GROUP,
    HIRE,
    MANAGER,
    OTHER,
    PRIVILEGES,
    PROFILE,
    access,
    account,
    app,
    assigned,
    federated,
    granted,
    hire,
    policy,
    profile,
    spoilt,
    wishes,
)

STRONG = {"controls": frozenset[str](), "combinations": frozenset({"fido2"})}
WARNING, FAILURE, UNKNOWN = State.WARNING, State.FAILURE, State.UNKNOWN
OUTSIDER = replace(HIRE, privileges=replace(PRIVILEGES, groups=frozenset()))
FOR_GROUP = policy(include=frozenset({GROUP}))
FILTER = {"deviceAndAppManagementAssignmentFilterType": "include", "deviceAndAppManagementAssignmentFilterId": OTHER}

EXCLUDING = replace(
    PROFILE,
    default_provider="{60B78E88-EAD8-445C-9CFD-0B87F74EA6CD}",
    assignments=({"target": {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": GROUP}},),
)
WITH_COMPANION = {
    **wishes(companion="Default"),
    "companions": Read((replace(EXCLUDING, assignments=PROFILE.assignments),)),
}

SEEDED: dict[str, tuple[dict[str, Any], str, State, str]] = {
    "a permission missing": (granted(less="User.Read.All"), "graph-permissions", FAILURE, "User.Read.All"),
    "one too many": (granted("Mail.Send"), "graph-permissions-surplus", WARNING, "Mail.Send"),
    "the wide one": (
        granted("UserAuthenticationMethod.ReadWrite.All", less="UserAuthMethod-TAP.ReadWrite.All"),
        "graph-permissions-surplus",
        WARNING,
        "UserAuthenticationMethod.ReadWrite.All",
    ),
    "policy off": (policy(enabled=False), "pass-policy-on", FAILURE, "off"),
    "policy too short": (policy(maximum_lifetime=480), "pass-policy-lifetimes", WARNING, "passes live 480 minutes"),
    "policy too long": (policy(minimum_lifetime=700), "pass-policy-lifetimes", WARNING, "passes live 700 minutes"),
    "limits contradict": (policy(minimum_lifetime=1441), "pass-policy-lifetimes", FAILURE, "contradict"),
    "one-time forced": (policy(one_time_only=True), "pass-policy-restarts", WARNING, "one sign-in"),
    "one-time wished": (wishes(one_time=True), "pass-policy-restarts", WARNING, "PASS_ONE_TIME"),
    "short codes": (policy(length=8), "pass-policy-length", WARNING, "8 characters"),
    "no length": (policy(length=None), "pass-policy-length", UNKNOWN, "no length"),
    "for nobody": (policy(include=frozenset()), "pass-policy-targets", FAILURE, "nobody"),
    "a hire outside": (
        {**FOR_GROUP, "coming": Read(Coming((OUTSIDER,), 0))},
        "pass-policy-targets",
        FAILURE,
        "amelie@larkspur.example (2030-06-03)",
    ),
    "a hire excluded": (policy(exclude=frozenset({GROUP})), "pass-policy-targets", FAILURE, "amelie@larkspur.example"),
    "a target gone": (
        {**policy(include=frozenset({GROUP, OTHER})), "groups": Read({GROUP: True, OTHER: False})},
        "pass-policy-targets",
        WARNING,
        OTHER,
    ),
    "no device group": (wishes(device_groups={}), "web-sign-in-device-groups", WARNING, "no device group"),
    "a device group gone": ({"groups": Read({GROUP: False})}, "web-sign-in-device-groups", FAILURE, "site Berlin"),
    "no profile": ({"profiles": Read(())}, "web-sign-in-profile", FAILURE, "there is no settings-catalog profile"),
    "two profiles": ({"profiles": Read((PROFILE, PROFILE))}, "web-sign-in-profile", FAILURE, PROFILE.id),
    "another platform": (profile(platforms="macOS"), "web-sign-in-profile", FAILURE, "macOS"),
    "setting off": (profile(web_sign_in=False), "web-sign-in-profile", FAILURE, "does not enable"),
    "setting absent": (profile(web_sign_in=None), "web-sign-in-profile", FAILURE, "does not contain"),
    "group excluded": (
        assigned(kind="exclusionGroupAssignmentTarget", groupId=GROUP),
        "web-sign-in-scope",
        FAILURE,
        f"excludes {GROUP}",
    ),
    "group filtered": (
        assigned(kind="groupAssignmentTarget", groupId=GROUP, **FILTER),
        "web-sign-in-scope",
        WARNING,
        "include filter",
    ),
    "a hire's domain is federated": (federated("larkspur.example"), "sign-in-federation", FAILURE, "amelie@"),
    "the default domain is federated": (
        federated("fern.example", default="fern.example"),
        "sign-in-federation",
        WARNING,
        "fern.example",
    ),
    "a strength without passes": (access(**STRONG), "sign-in-strength", FAILURE, "The new one"),
    "a strength for the registration": (
        access(**{**STRONG, "applications": frozenset({"urn:user:registersecurityinfo"})}),
        "sign-in-strength",
        FAILURE,
        "The new one",
    ),
    "a strength for single use": (
        {**access(**{**STRONG, "combinations": frozenset({"temporaryAccessPassOneTime"})})},
        "sign-in-strength",
        FAILURE,
        "The new one",
    ),
    "a compliant device": (access(controls=frozenset({"compliantDevice"})), "sign-in-device", WARNING, "The new one"),
    "a compliant device and a factor": (
        access(controls=frozenset({"compliantDevice", "mfa"}), any_of=False),
        "sign-in-device",
        WARNING,
        "The new one",
    ),
    "everybody kept out": (access(controls=frozenset({"block"})), "sign-in-device", WARNING, "The new one"),
    "a group of the hire's": (
        access(users=frozenset({GROUP}), controls=frozenset({"domainJoinedDevice"})),
        "sign-in-device",
        WARNING,
        "The new one",
    ),
    "no account": (hire(accounts=()), "hires-accounts", FAILURE, f"no account: onboarding {'a' * 25} (2030-06-03)"),
    "several accounts": (hire(accounts=(ACCOUNT, ACCOUNT)), "hires-accounts", FAILURE, "several accounts"),
    "a closed account": (account(enabled=False), "hires-accounts", FAILURE, "disabled: amelie@"),
    "a guest": (account(user_type="Guest"), "hires-accounts", FAILURE, "guest: amelie@"),
    "no number": (account(attributes={}), "hires-numbers", WARNING, "employeeId is empty"),
    "a number twice": (hire(numbered=2), "hires-numbers", WARNING, "another's, too"),
    "no manager": (account(manager=None), "hires-collectors", WARNING, "manager-missing: amelie@"),
    "nobody to collect": (
        {**account(manager=replace(MANAGER, mail=None)), **wishes(others_collect=False)},
        "hires-collectors",
        FAILURE,
        "manager-without-mailbox",
    ),
    "no licence for passes": (hire(plans=INTUNE), "hires-licences", WARNING, "without Entra ID P1: amelie@"),
    "a device that is not ready": (
        hire(device=unready(Obstacle.BUILD_TOO_OLD)),
        "hires-devices",
        WARNING,
        "build-too-old: amelie@",
    ),
    "a device of which too little is known": (
        hire(device=unready(Gap.NOT_SHOWN)),
        "hires-devices",
        UNKNOWN,
        "not-shown: amelie@",
    ),
    "no licence for devices": (hire(plans=ENTRA_P1), "hires-licences", WARNING, "without Intune: amelie@"),
    "no sign-in log": ({"sign_in_log": Read(False)}, "graph-sign-in-log", WARNING, "no Entra ID P1"),
    "a mailbox that is closed": ({"sender": Read(Mailbox.CLOSED)}, "mail-sender", FAILURE, "day.one@"),
    "no mailbox": ({"sender": Read(Mailbox.MISSING)}, "mail-sender", FAILURE, "no mailbox"),
    "another mailbox open": ({"other_mailbox": Read(Mailbox.OPEN)}, "mail-bound", WARNING, "it.desk@"),
    "no other mailbox": ({"other_mailbox": Read(Mailbox.MISSING)}, "mail-bound", UNKNOWN, "no second one"),
    "one mailbox for both": (wishes(desk="Day.One@larkspur.example"), "mail-bound", UNKNOWN, "are one"),
    "tables that do not answer": (app(sweep=Unread("Storage answered 503.")), "app-tables", FAILURE, "answered 503"),
    "queues that do not answer": (app(missing_queues=Unread("no answer")), "app-queues", FAILURE, "no answer"),
    "a queue that is gone": (app(missing_queues=Read(("tidy-up",))), "app-queues", FAILURE, "tidy-up"),
    "a sweep that stands": (app(sweep=Read(SweepSeen(False, 0, 0))), "app-sweep", FAILURE, "has not run"),
    "steps overdue": (app(sweep=Read(SweepSeen(True, 2, 0))), "app-sweep", WARNING, "2 steps are overdue"),
    "poisoned hints": (app(sweep=Read(SweepSeen(True, 0, 3))), "app-sweep", WARNING, "3 hints are poisoned"),
    "a clock that is slow": (app(skew=Read(-timedelta(minutes=1))), "app-clock", WARNING, "off by 60 s"),
    "a clock that is wrong": (app(skew=Read(timedelta(minutes=6))), "app-clock", FAILURE, "off by 360 s"),
    "a vault that is closed": (app(unresolved=("HR_ACME_SECRET_A",)), "app-vault", FAILURE, "HR_ACME_SECRET_A"),
    "a weak secret": (app(weak_secrets=("acme, a",)), "app-webhook-secrets", WARNING, "acme, a"),
    "an open door": ({"door_is_closed": Read(False)}, "app-authentication", FAILURE, "stranger"),
    "no companion": (wishes(companion="Default"), "web-sign-in-companion", WARNING, "no settings-catalog profile"),
    "a companion that assigns nothing": (
        {**wishes(companion="Default"), "companions": Read((PROFILE,))},
        "web-sign-in-companion",
        WARNING,
        "does not assign a default",
    ),
    "a companion that leaves a group out": (
        {**wishes(companion="Default"), "companions": Read((EXCLUDING,))},
        "web-sign-in-companion",
        WARNING,
        f"excludes {GROUP}",
    ),
    "an assignment to be approved": (
        {"approvals": Read((ApprovalRequest("r1", "needsApproval", "Day One Pass adds"),))},
        "web-sign-in-approval",
        WARNING,
        "r1",
    ),
    "an approval to come": (
        {"approval_policies": Read(("Two for all",)), **profile(assignments=())},
        "web-sign-in-approval-policy",
        WARNING,
        "wanted by Two for all: until another administrator agrees, out of scope stay those of site Berlin",
    ),
    "a group of a rule": (
        {"members": Read({GROUP: GroupKind.DYNAMIC})},
        "web-sign-in-members",
        WARNING,
        f"the members of {GROUP} (site Berlin) are found by its rule: no device joins by the app's doing",
    ),
    "a synchronised group": ({"members": Read({GROUP: GroupKind.SYNCED})}, "web-sign-in-members", WARNING, "synchron"),
    "a service's group": ({"members": Read({GROUP: GroupKind.SERVICE_OWNED})}, "web-sign-in-members", WARNING, "owns"),
    "unknown target": (assigned(kind="newTarget", groupId=GROUP), "web-sign-in-scope", WARNING, "newTarget"),
}
HARMLESS: dict[str, dict[str, Any]] = {
    "off": {"enabled": False},
    "for others": {"users": frozenset({OTHER})},
    "not for the hire": {"excluded_users": frozenset({GROUP})},
    "not for the hire, by name": {"excluded_users": frozenset({HIRE.accounts[0].id})},
    "a strength with passes": {"combinations": frozenset({"temporaryAccessPassMultiUse"}), "controls": frozenset()},
    "a factor would do": {"controls": frozenset({"compliantDevice", "mfa"})},
    "for one app": {"applications": frozenset({OTHER}), "controls": frozenset({"block"}), "combinations": frozenset()},
    "from some places": {"narrowed": True, "controls": frozenset({"block"})},
}
"""Policies of Conditional Access that turn nobody away."""
FOLLOWING = {
    "app-tables": "app-sweep",
    "web-sign-in-profile": "web-sign-in-scope",
    "web-sign-in-device-groups": "graph-permissions-surplus",
}
"""What cannot be told, or is not needed any more, because of another finding."""


def test_what_a_feature_lacks_is_granted_with_the_feature() -> None:
    """The command names it: without, the script would grant nothing that is missing, and say that all is there."""
    facts = replace(CLEAN, **wishes(features=frozenset({"steady-group", "pim"})))
    (finding,) = [one for one in report(facts).findings if one.check.id == "graph-permissions"]
    assert finding.command == (
        "infra/graph/set-up.sh --with pim --with steady-group ENVIRONMENT RESOURCE_GROUP HOST_NAME"
    )


def test_what_is_clean_is_reported_clean() -> None:
    """Each check is carried out exactly once, and all are in order."""
    made = report(CLEAN)
    assert [finding.check for finding in made.findings] == list(CHECKS)
    assert made.worst is State.OK


@pytest.mark.parametrize("name", SEEDED)
def test_each_finding_is_found(name: str) -> None:
    """By its own check, with the state it deserves, with what was found, and with what mends it."""
    but, check, state, words = SEEDED[name]
    found = spoilt(**but)
    assert found.keys() - {FOLLOWING.get(check)} == {check}
    assert found[check].verdict.state is state
    assert words in found[check].verdict.found
    assert found[check].check.why
    assert found[check].check.portal


@pytest.mark.parametrize("name", HARMLESS)
def test_a_policy_that_turns_nobody_away_is_no_finding(name: str) -> None:
    """What is off, for others, or met by a pass, is in order."""
    assert spoilt(**access(**HARMLESS[name])) == {}


@pytest.mark.parametrize("status", ["approved", "completed", "needsApproval"])
def test_requests_of_others_and_those_that_are_decided_are_no_finding(status: str) -> None:
    """Only what waits, and is ours, needs somebody."""
    why = "somebody's" if status == "needsApproval" else "Day One Pass adds"
    assert spoilt(approvals=Read((ApprovalRequest("r1", status, why),))) == {}


def test_an_approval_is_no_finding_where_nothing_is_left_to_approve() -> None:
    """All groups are in scope, or there is no profile for them to come into; then that is the finding."""
    wanted = {"approval_policies": Read(("Two for all",))}
    assert spoilt(**wanted) == {}
    assert "web-sign-in-approval-policy" not in spoilt(**wanted, profiles=Read(()))


@pytest.mark.parametrize("kind", [GroupKind.ASSIGNED, None])
def test_a_group_that_takes_members_or_is_gone_is_no_finding_about_them(kind: GroupKind | None) -> None:
    """That one is gone another check tells."""
    assert spoilt(members=Read({GROUP: kind})) == {}


def test_the_group_of_device_preparation_belongs_to_a_service_and_is_no_finding() -> None:
    """Intune itself puts devices into it; the app adds none."""
    prepared = {"members": Read({GROUP: GroupKind.SERVICE_OWNED})}
    assert spoilt(**wishes(device_groups={"DEVICE_PREPARATION_GROUP": GROUP}), **prepared) == {}


def test_a_filter_that_certainly_lets_every_such_computer_through_is_no_finding() -> None:
    """Its rule was read; one that is gone is not known to."""
    filtered = assigned(kind="groupAssignmentTarget", groupId=GROUP, **FILTER)
    assert spoilt(**filtered, filters=Read({OTHER: "(device.operatingSystemVersion -ge 10.0.22000)"})) == {}
    assert spoilt(**filtered, filters=Read({OTHER: None})).keys() == {"web-sign-in-scope"}


def test_with_nobody_known_to_come_only_what_reaches_everybody_is_judged() -> None:
    """A policy for a group may reach a hire or not: that is no finding before somebody comes."""
    nobody = {"coming": Read(Coming((), 0))}
    blocking = {"controls": frozenset({"block"})}
    assert spoilt(**nobody, **access(users=frozenset({GROUP}), **blocking)) == {}
    assert spoilt(**nobody, **access(**blocking)).keys() == {"sign-in-device"}
    assert spoilt(**nobody, **federated("fern.example")) == {}


def test_every_check_can_find_something() -> None:
    """No check is there that cannot fail, but the one that only tells what the tenant's edition is."""
    assert {check for _, check, _, _ in SEEDED.values()} == {check.id for check in CHECKS} - {"graph-eligibility"}
    told = {one.check.id: one.verdict.found for one in report(replace(CLEAN, eligibility=Read(False))).findings}
    assert told["graph-eligibility"] == "no Entra ID P2: nobody can activate a role"


@pytest.mark.parametrize("name", [field.name for field in fields(Facts) if field.name not in {"at", "wishes"}])
def test_what_cannot_be_read_is_unknown_and_the_rest_goes_on(name: str) -> None:
    """Checks that need the fact say why it could not be read; all others are as they were."""
    found = spoilt(**{**FOR_GROUP, **WITH_COMPANION, name: Unread("the network was cut")})
    assert found
    assert {finding.verdict.state for finding in found.values()} == {UNKNOWN}
    assert {finding.verdict.found for finding in found.values()} <= {
        "the network was cut",
        "there is not the one profile whose scope could be read",
    }


def test_ids_are_stable_names() -> None:
    """Each id is a name of its own, in lower case and dashes."""
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", one) for one in ids)
