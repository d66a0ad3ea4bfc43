"""Will the globe be on the lock screens: the profile, its setting, and the device groups in its scope? Pure."""

from shared.checkup.facts import Facts
from shared.checkup.finding import Check, Subject, Verdict, failure, ok, unknown, warning
from shared.websignin.merge import Excluded, Unclear, Write, merge
from shared.websignin.scope import refusal
from shared.websignin.sought import web_sign_in

_PORTAL = "Intune admin centre → Devices → Windows → Configuration"


def _profile(facts: Facts) -> Verdict:
    found, sought = facts.profiles.get(), facts.wishes.profile
    refused = refusal(found, web_sign_in(sought))
    return failure(refused.detail) if refused else ok(f"{found[0].name!r} enables it")


def _groups_exist(facts: Facts) -> Verdict:
    wanted, exists = facts.wishes.device_groups, facts.groups.get()
    if not wanted:
        return warning("settings name no device group, so the app brings none into scope")
    gone = [f"{group} ({who})" for who, group in wanted.items() if not exists.get(group, False)]
    return failure(f"no such group: {', '.join(gone)}") if gone else ok(f"all {len(wanted)} are there")


def _scope(facts: Facts) -> Verdict:
    found = facts.profiles.get()
    if refusal(found, web_sign_in(facts.wishes.profile)):
        return unknown("there is not the one profile whose scope could be read")
    groups = facts.wishes.device_groups.items()
    merged = {f"{group} ({who})": merge(found[0].assignments, group) for who, group in groups}
    if excluded := [group for group, result in merged.items() if isinstance(result, Excluded)]:
        return failure(f"the profile excludes {', '.join(excluded)}")
    if unclear := [f"{group}: {result.why}" for group, result in merged.items() if isinstance(result, Unclear)]:
        return warning("; ".join(unclear))
    to_come = sum(isinstance(result, Write) for result in merged.values())
    return ok(f"{len(merged) - to_come} in scope; {to_come} brought there when the first hire is due")


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
        id="web-sign-in-device-groups",
        subject=Subject.WEB_SIGN_IN,
        title="The device groups in settings are groups",
        why="A hire whose device group is gone waits with device-group-missing.",
        portal="Entra admin centre → Groups; the ids stand in SITES, DEPARTMENT_DEVICE_GROUPS and DEVICE_GROUP",
        look=_groups_exist,
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
