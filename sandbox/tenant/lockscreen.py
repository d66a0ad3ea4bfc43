"""The lock screen of a Windows device: who gets in, decided from the tenant's state and nothing else."""

import hmac
import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from sandbox.tenant import pass_rules
from sandbox.tenant.graph.managed import SUCCEEDED
from sandbox.tenant.graph.shapes import DEFAULT_PROVIDER, WEB_SIGN_IN
from sandbox.tenant.scope import in_scope
from sandbox.tenant.state import Json, Profile, Session, SignIn, TenantState

# Windows 11 22H2 with KB5030310
_LEAST_BUILD = (10, 0, 22621, 2361)
WEB_SIGN_IN_PROVIDER = "{C5D7540A-CD51-453B-B22B-05305BA03F07}"
_BY_REASON = {
    pass_rules.DISABLED: (
        "pass-disabled-by-policy",
        "the policy is off, no longer covers the user, or allows one-time only",
    ),
    pass_rules.USED: ("pass-used", "a one-time pass works once"),
    pass_rules.NOT_YET: ("pass-not-yet-valid", "the pass starts later"),
    pass_rules.EXPIRED: ("pass-expired", "the pass has ended"),
}
# What the sign-in log says; the numbers are the sandbox's, not Microsoft's
_ERROR_CODES = {
    "wrong-pass": 130503, "pass-expired": 130502, "pass-used": 130504, "pass-not-yet-valid": 130505,
    "pass-disabled-by-policy": 130507, "account-disabled": 50057,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Signed in (`reason` None), or exactly why not."""

    reason: str | None
    detail: str = ""


def sign_in(state: TenantState, upn: str, code: str, device_id: str, now: datetime) -> Verdict:
    """Try to sign in at a device; what reached Entra is logged, and a one-time pass is used up."""
    device = state.device(device_id)
    if device is None:
        return Verdict("unknown-device", "no such device in the tenant")
    if refused := _device_refusal(state, device):
        return refused
    person = state.user(upn)
    if person is None or not state.is_visible(person["id"], now):
        return Verdict("unknown-user", "Entra does not know this user (yet)")
    verdict = _user_refusal(state, person) or _pass_refusal(state, person, code, now) or Verdict(None)
    if verdict.reason != "federated-elsewhere":
        _log(state, person, device, verdict, now)
    held = state.passes.get(person["id"])
    if verdict.reason is None and held is not None:
        held.used = held.used or now
        state.sessions[device["id"]] = Session(person["id"], held.id, now)
    return verdict


def session(state: TenantState, device_object_id: str, now: datetime) -> Session | None:
    """Return who is signed in on a device; a session ends with the pass that opened it."""
    found = state.sessions.get(device_object_id)
    held = state.passes.get(found.user_id) if found else None
    alive = found and held and held.id == found.pass_id and now < pass_rules.end(held)
    return found if alive else None


def reboot(state: TenantState, device_object_id: str) -> int:
    """Restart a device: back to the lock screen. Returns how often it was restarted."""
    state.sessions.pop(device_object_id, None)
    state.reboots[device_object_id] = state.reboots.get(device_object_id, 0) + 1
    return state.reboots[device_object_id]


def why_no_globe(state: TenantState, device: Json) -> Verdict | None:
    """Return why the lock screen of a device does not offer Web sign-in; None where it does."""
    if device["trustType"] != "AzureAd":
        return Verdict("not-entra-joined", f"the device's trustType is {device['trustType']}")
    if device["operatingSystem"] != "Windows":
        return Verdict(
            "no-web-sign-in", f"the device runs {device['operatingSystem']}, and Web sign-in is Windows' own"
        )
    if _build(device) < _LEAST_BUILD:
        return Verdict("build-too-old", f"build {device['operatingSystemVersion']} is below 22621.2361")
    if why := _no_web_sign_in(state, device):
        return Verdict("no-web-sign-in", why)
    return None


def default_provider(state: TenantState, device: Json) -> str | None:
    """Return the class id of what the lock screen offers first; None for what Windows chooses by itself.

    A profile in scope may assign it; else Web sign-in stays chosen once somebody used it there.
    """
    assigned = (_assigns(profile) for profile in state.profiles.values() if in_scope(state, profile, device) is None)
    used = any(entry.device_id == device["deviceId"] and not entry.error_code for entry in state.sign_ins)
    return next(filter(None, assigned), WEB_SIGN_IN_PROVIDER if used else None)


def _device_refusal(state: TenantState, device: Json) -> Verdict | None:
    refused = why_no_globe(state, device)
    # A disabled device keeps the policy it has, and with it the globe; Entra refuses it before it asks who.
    if not device["accountEnabled"] and (refused is None or refused.reason != "not-entra-joined"):
        return Verdict("device-disabled", "the device is disabled in Entra")
    if refused:
        return refused
    if device["id"] in state.offline:
        return Verdict("no-internet", "Web sign-in needs the Internet at the lock screen")
    return None


def _build(device: Json) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", device["operatingSystemVersion"] or ""))


def _no_web_sign_in(state: TenantState, device: Json) -> str | None:
    if not device["isManaged"]:
        return "not managed by Intune: no profile reaches it"
    if (applied := state.applied.get(device["id"], SUCCEEDED)) != SUCCEEDED:
        return f"the profile is not on the device: {applied}"
    enabling = [profile for profile in state.profiles.values() if _enables(profile)]
    if not enabling:
        return "no profile has Enable Web Sign-In enabled"
    reasons = [in_scope(state, profile, device) for profile in enabling]
    return None if None in reasons else "; ".join(reason for reason in reasons if reason)


def _enables(profile: Profile) -> bool:
    for setting in profile.settings:
        instance = setting.get("settingInstance", {})
        if str(instance.get("settingDefinitionId", "")).casefold() == WEB_SIGN_IN:
            return bool(instance.get("choiceSettingValue", {}).get("value") == f"{WEB_SIGN_IN}_1")
    return False


def _assigns(profile: Profile) -> str | None:
    for setting in profile.settings:
        instance = setting.get("settingInstance", {})
        choice = instance.get("choiceSettingValue", {})
        if instance.get("settingDefinitionId") == DEFAULT_PROVIDER and choice.get("value") == f"{DEFAULT_PROVIDER}_1":
            named = [child for child in choice.get("children", []) if "simpleSettingValue" in child]
            return str(named[0]["simpleSettingValue"].get("value")).upper() if named else None
    return None


def _user_refusal(state: TenantState, person: Json) -> Verdict | None:
    if not person["accountEnabled"]:
        return Verdict("account-disabled", "the account is disabled")
    domain = person["userPrincipalName"].rpartition("@")[2].lower()
    federation = state.domains.get(domain)
    if federation and federation["federatedIdpMfaBehavior"] == "enforceMfaByFederatedIdp":
        return Verdict(
            "federated-elsewhere", f"{domain} sends people to its own identity provider: no pass is asked for"
        )
    return None


def _pass_refusal(state: TenantState, person: Json, code: str, now: datetime) -> Verdict | None:
    held = state.passes.get(person["id"])
    if held is None or not hmac.compare_digest(held.code.encode(), code.encode()):
        return Verdict("wrong-pass", "the pass is not this user's, or there is none")
    usability = pass_rules.usability(state, held, now)
    return None if usability == pass_rules.USABLE else Verdict(*_BY_REASON[usability])


def _log(state: TenantState, person: Json, device: Json, verdict: Verdict, now: datetime) -> None:
    code = _ERROR_CODES[verdict.reason] if verdict.reason else 0
    entry = SignIn(str(uuid.uuid4()), now, person["id"], device["deviceId"], code, verdict.detail or None)
    state.sign_ins.append(entry)
