"""Will the globe be on the lock screens: the profile, its setting, and the device groups in its scope? Pure."""

from shared.checkup.facts import Facts
from shared.checkup.finding import Check, State, Subject, Verdict, failure, ok, unknown, warning
from shared.tenant.ports.devices import GroupKind
from shared.tenant.ports.profiles import Profile
from shared.websignin.approval import OURS
from shared.websignin.assignments import Judge
from shared.websignin.filters import judge_by
from shared.websignin.groups import MEMBERS
from shared.websignin.merge import Excluded, Unclear, Write, merge
from shared.websignin.scope import refusal
from shared.websignin.sought import Sought, companion, web_sign_in

_PREPARATION = "DEVICE_PREPARATION_GROUP"
"""The setting that names the group of device preparation."""
_PORTAL = "Intune admin centre → Devices → Windows → Configuration"


def sought(facts: Facts) -> Sought:
    """Return the profile that settings name."""
    return web_sign_in(facts.wishes.profile)


def sought_companion(facts: Facts) -> Sought | None:
    """Return its companion; None where settings want none."""
    wishes = facts.wishes
    return companion(wishes.companion, wishes.provider) if wishes.companion else None


def judge(facts: Facts) -> Judge:
    """Return what judges filters, by the rules that were read."""
    return judge_by(facts.filters.get())


def _profile(facts: Facts) -> Verdict:
    found = facts.profiles.get()
    refused = refusal(found, sought(facts))
    return failure(refused.detail) if refused else ok(f"{found[0].name!r} enables it")


def _companion(facts: Facts) -> Verdict:
    wanted = sought_companion(facts)
    if wanted is None:
        return ok("WEB_SIGN_IN_COMPANION names none, so none is wanted")
    found = facts.companions.get()
    if refused := refusal(found, wanted):
        return warning(refused.detail)
    verdict = _scope_of(facts, found[0])
    return warning(verdict.found) if verdict.state is State.FAILURE else verdict


def _groups_exist(facts: Facts) -> Verdict:
    wanted, exists = facts.wishes.device_groups, facts.groups.get()
    if not wanted:
        return warning("settings name no device group, so the app brings none into scope")
    gone = [f"{group} ({who})" for who, group in wanted.items() if not exists.get(group, False)]
    return failure(f"no such group: {', '.join(gone)}") if gone else ok(f"all {len(wanted)} are there")


def _members(facts: Facts) -> Verdict:
    """Tell which groups take no member from the app. That of device preparation need not: Intune itself fills it."""
    kinds = facts.members.get()
    groups = [(who, group, kinds.get(group)) for who, group in facts.wishes.device_groups.items()]
    others = [
        f"the members of {group} ({who}) are {MEMBERS[kind]}"
        for who, group, kind in groups
        if kind is not None and kind is not GroupKind.ASSIGNED and who != _PREPARATION
    ]
    if others:
        return warning(f"{'; '.join(others)}: no device joins by the app's doing")
    return ok("it may add them to each" if kinds else "it adds none")


def _scope(facts: Facts) -> Verdict:
    found = facts.profiles.get()
    if refusal(found, sought(facts)):
        return unknown("there is not the one profile whose scope could be read")
    return _scope_of(facts, found[0])


def _to_come(facts: Facts) -> list[str]:
    """Name the groups that the app has still to bring into scope, where there is the one profile for it."""
    found, judged = facts.profiles.get(), judge(facts)
    if refusal(found, sought(facts)):
        return []
    groups = facts.wishes.device_groups.items()
    return [who for who, group in groups if isinstance(merge(found[0].assignments, group, judged), Write)]


def _scope_of(facts: Facts, profile: Profile) -> Verdict:
    groups, judged = facts.wishes.device_groups.items(), judge(facts)
    merged = {f"{group} ({who})": merge(profile.assignments, group, judged) for who, group in groups}
    if excluded := [group for group, result in merged.items() if isinstance(result, Excluded)]:
        return failure(f"{profile.name!r} excludes {', '.join(excluded)}")
    if unclear := [f"{group}: {result.why}" for group, result in merged.items() if isinstance(result, Unclear)]:
        return warning("; ".join(unclear))
    to_come = sum(isinstance(result, Write) for result in merged.values())
    return ok(f"{len(merged) - to_come} in scope; {to_come} brought there when the first hire is due")


def _approval(facts: Facts) -> Verdict:
    ours = [one for one in facts.approvals.get() if one.why.startswith(OURS)]
    if waiting := [one.id for one in ours if one.status == "needsApproval"]:
        return warning(f"waits for an administrator: {', '.join(waiting)}")
    if approved := [one.id for one in ours if one.status == "approved"]:
        return ok(f"approved, and carried out within ten minutes: {', '.join(approved)}")
    return ok("nothing of ours waits for approval")


def _approval_policy(facts: Facts) -> Verdict:
    guarding = facts.approval_policies.get()
    if not guarding:
        return ok("none is wanted for profiles")
    wanted = f"wanted by {', '.join(guarding)}"
    if waiting := _to_come(facts):
        return warning(f"{wanted}: until another administrator agrees, out of scope stay those of {', '.join(waiting)}")
    return ok(f"{wanted}; no group has to be assigned")


CHECKS = (
    Check(
        id="web-sign-in-profile",
        subject=Subject.WEB_SIGN_IN,
        title="One profile for Windows enables Web sign-in",
        why="Without it there is no globe on the lock screen, and a pass cannot be typed after the first restart.",
        portal=f"{_PORTAL} → Create → Windows 10 and later → Settings catalog → Authentication → Enable Web Sign-In",
        fixed_by_us="makes the profile, where there is none",
        look=_profile,
    ),
    Check(
        id="web-sign-in-companion",
        subject=Subject.WEB_SIGN_IN,
        title="Its companion keeps it from staying the default",
        why="Whoever used Web sign-in once finds it chosen ever after, and looks for Windows Hello or the password.",
        portal=f"{_PORTAL} → Create → Settings catalog → Administrative Templates → System → Logon → Assign a default"
        " credential provider",
        fixed_by_us="makes the companion that settings name, where there is none, and assigns the groups",
        look=_companion,
    ),
    Check(
        id="web-sign-in-approval",
        subject=Subject.WEB_SIGN_IN,
        title="No assignment of ours waits for approval",
        why="With Multi Admin Approval a group comes into scope only when another administrator agrees.",
        portal="Intune admin centre → Tenant administration → Multi Admin Approval → Received requests; or exclude the"
        " app from the access policy",
        look=_approval,
    ),
    Check(
        id="web-sign-in-approval-policy",
        subject=Subject.WEB_SIGN_IN,
        title="No new group has to wait for an approval",
        why="With Multi Admin Approval on, a wave of hires waits until somebody looks into the portal.",
        portal="Intune admin centre → Tenant administration → Multi Admin Approval → Access policies, those for"
        " configuration policies; exclude the app there, or have the groups assigned before hires come",
        look=_approval_policy,
    ),
    Check(
        id="web-sign-in-device-groups",
        subject=Subject.WEB_SIGN_IN,
        title="The device groups in settings are groups",
        why="A hire whose device group is gone waits with device-group-missing.",
        portal="Entra admin centre → Groups; the ids stand in SITES, DEPARTMENT_DEVICE_GROUPS and DEVICE_GROUP",
        look=_groups_exist,
    ),
    Check(
        id="web-sign-in-members",
        subject=Subject.WEB_SIGN_IN,
        title="Members of these groups are the app's to add",
        why="With steady-group a device that such a group does not hold by itself waits with device-group-not-ours.",
        portal="Entra admin centre → Groups → New group, with assigned members, to be named in settings instead; or"
        " SCOPE_STRATEGY=assign-group, and the devices come by the group's own way",
        look=_members,
    ),
    Check(
        id="web-sign-in-scope",
        subject=Subject.WEB_SIGN_IN,
        title="The profile's scope takes in all of them",
        why="An excluded group is never in scope, whatever is assigned; a filter may leave out the very device.",
        portal=f"{_PORTAL} → the profile → Assignments",
        fixed_by_us="assigns the groups that are missing",
        look=_scope,
    ),
)
