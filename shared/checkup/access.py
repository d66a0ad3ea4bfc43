"""Does Conditional Access, or a federated domain, turn away a hire who has a pass? Pure.

Only an administrator may read either: the app is not granted for every day what a check-up needs now and then.
"""

from collections.abc import Iterable

from shared.checkup.facts import AccessPolicy, Facts, Hire, Read
from shared.checkup.finding import Check, Subject, Verdict, failure, ok, warning
from shared.checkup.naming import named

ELSEWHERE = "enforceMfaByFederatedIdp"
_EVERYBODY, _EVERYTHING = "All", "All"
_MANY_USES, _ONE_USE = "temporaryAccessPassMultiUse", "temporaryAccessPassOneTime"
_REGISTRATION = "urn:user:registersecurityinfo"
_DEVICE_CONTROLS = frozenset({"compliantDevice", "domainJoinedDevice"})
_BLOCK = "block"
_PASSED = frozenset({"mfa"})
"""Controls that a pass meets: it counts as a strong method, and as a second factor."""
_PORTAL = "Entra admin centre → Protection → Conditional Access → Policies"


def _federation(facts: Facts) -> Verdict:
    elsewhere = {domain.name.casefold(): domain for domain in facts.domains.get() if domain.mfa == ELSEWHERE}
    hires = [hire for hire in _coming(facts) if _domain_of(hire) in elsewhere]
    if hires:
        return failure(f"sent to another identity provider, and not asked for a pass: {named(hires)}")
    if default := [domain.name for domain in elsewhere.values() if domain.is_default]:
        return warning(f"the default domain {default[0]} sends people to another identity provider")
    if elsewhere:
        return ok(f"nobody comes to {', '.join(sorted(elsewhere))}, which would")
    return ok("none does")


def _domain_of(hire: Hire) -> str:
    return hire.accounts[0].user_principal_name.rpartition("@")[2].casefold() if len(hire.accounts) == 1 else ""


def _strength(facts: Facts) -> Verdict:
    wanted = _ONE_USE if facts.wishes.one_time else _MANY_USES
    refusing = [policy.name for policy in _reaching(facts) if _refuses(policy, wanted)]
    if refusing:
        return failure(f"no Temporary Access Pass is allowed by {', '.join(refusing)}")
    return ok("none leaves it out")


def _refuses(policy: AccessPolicy, wanted: str) -> bool:
    """Tell whether its strength turns a pass away, and no other control would do instead."""
    if policy.combinations is None or wanted in policy.combinations:
        return False
    covers = policy.applications & {_EVERYTHING, _REGISTRATION}
    return bool(covers) and not (policy.any_of and policy.controls & _PASSED)


def _device(facts: Facts) -> Verdict:
    locking = [policy.name for policy in _reaching(facts) if _EVERYTHING in policy.applications and _locks(policy)]
    if locking:
        return warning(f"none but a compliant or joined device, if any, gets past {', '.join(locking)}")
    return ok("none demands what it has not yet")


def _locks(policy: AccessPolicy) -> bool:
    """Tell whether a hire on a fresh device cannot meet it. With narrower conditions that is not judged."""
    if policy.narrowed:
        return False
    if _BLOCK in policy.controls:
        return True
    others = policy.controls - _DEVICE_CONTROLS
    return bool(policy.controls & _DEVICE_CONTROLS) and not (policy.any_of and others)


def _reaching(facts: Facts) -> Iterable[AccessPolicy]:
    """Return the policies in force that reach everybody, or somebody who is coming."""
    coming = _coming(facts)
    return [policy for policy in facts.access.get() if policy.enabled and _reaches(policy, coming)]


def _reaches(policy: AccessPolicy, coming: Iterable[Hire]) -> bool:
    known = [hire for hire in coming if len(hire.accounts) == 1 and hire.privileges is not None]
    if not known:
        return _EVERYBODY in policy.users
    return any(_is_meant(policy, hire) for hire in known)


def _is_meant(policy: AccessPolicy, hire: Hire) -> bool:
    groups = hire.privileges.groups if hire.privileges else frozenset[str]()
    belongs = groups | {hire.accounts[0].id, _EVERYBODY}
    return bool(policy.users & belongs) and not policy.excluded_users & belongs


def _coming(facts: Facts) -> tuple[Hire, ...]:
    """Return who is coming where that is known; else what reaches everybody is judged alone."""
    return facts.coming.value.hires if isinstance(facts.coming, Read) else ()


CHECKS = (
    Check(
        id="sign-in-federation",
        subject=Subject.SIGN_IN,
        title="No federated domain sends hires elsewhere",
        why="With enforceMfaByFederatedIdp people are sent to the other provider and never asked for the pass.",
        portal="no portal shows it; a Hybrid Identity Administrator changes it",
        command="Connect-MgGraph -Scopes Domain-InternalFederation.ReadWrite.All\n"
        "Update-MgDomainFederationConfiguration -DomainId DOMAIN `\n"
        "  -InternalDomainFederationId (Get-MgDomainFederationConfiguration -DomainId DOMAIN).Id `\n"
        "  -FederatedIdpMfaBehavior acceptIfMfaDoneByFederatedIdp",
        look=_federation,
    ),
    Check(
        id="sign-in-strength",
        subject=Subject.SIGN_IN,
        title="Every authentication strength takes a pass",
        why="A strength that leaves out the Temporary Access Pass turns away whoever has nothing else yet.",
        portal=f"{_PORTAL.removesuffix('Policies')}Authentication strengths; allow Temporary Access Pass (multi-use)",
        look=_strength,
    ),
    Check(
        id="sign-in-device",
        subject=Subject.SIGN_IN,
        title="No policy for all apps needs a compliant device",
        why="A fresh device is compliant only after its set-up, for which the hire has to get in.",
        portal=f"{_PORTAL} → the policy → Target resources → Exclude: Microsoft Intune Enrollment",
        look=_device,
    ),
)
