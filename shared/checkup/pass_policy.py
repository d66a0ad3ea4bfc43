"""Does the tenant's Temporary Access Pass policy allow the passes that settings wish for, to those who come? Pure."""

from shared.checkup.facts import Facts, Hire
from shared.checkup.finding import Check, Subject, Verdict, failure, ok, unknown, warning
from shared.checkup.naming import named
from shared.onboarding.eligibility.authority import EVERYONE, outside_policy
from shared.planning.policy import Fitted, Limits, fit
from shared.tenant.ports.passes import PassPolicy

SAFE_LENGTH = 12
"""Characters. A pass for one sign-in is spent when it is guessed at once; one that may be used all day is not."""
_PORTAL = "Entra admin centre → Authentication methods → Policies → Temporary Access Pass"
_CONFIGURE = f"{_PORTAL} → Configure"
_TARGETS = f"{_PORTAL} → Enable and target"
_PATCH = """Connect-MgGraph -Scopes Policy.ReadWrite.AuthenticationMethod
$type = 'temporaryAccessPassAuthenticationMethodConfiguration'
$uri = 'v1.0/policies/authenticationMethodsPolicy'
$uri += '/authenticationMethodConfigurations/temporaryAccessPass'
$change = @{{ '@odata.type' = "#microsoft.graph.$type" }}
$change += @{{ {change} }}
Invoke-MgGraphRequest -Method PATCH -Uri $uri -Body $change"""


def command(change: str) -> str:
    """Write what changes the policy: in Microsoft Graph PowerShell, for no token of the Azure CLI may do that."""
    return _PATCH.format(change=change)


def _is_on(facts: Facts) -> Verdict:
    return ok("on") if facts.policy.get().enabled else failure("off: no pass can be made for anybody")


def _hours(facts: Facts) -> Verdict:
    policy, wished = facts.policy.get(), facts.wishes.lifetime
    span = f"{policy.minimum_lifetime} to {policy.maximum_lifetime} minutes"
    fitted = fit(wished, facts.wishes.one_time, _limits(policy))
    if not isinstance(fitted, Fitted):
        return failure(f"{span}: the limits contradict each other")
    if fitted.clamped is None:
        return ok(f"{wished} minutes are wished, {span} are allowed")
    bound = "maximumLifetimeInMinutes" if fitted.lifetime < wished else "minimumLifetimeInMinutes"
    found = f"{wished} minutes are wished, {span} are allowed: passes live {fitted.lifetime} minutes"
    return warning(found, command(f"{bound} = {wished}"))


def _limits(policy: PassPolicy) -> Limits:
    """Return the limits as if the method were on: whether it is, is another check."""
    return Limits(
        enabled=True,
        minimum=policy.minimum_lifetime,
        maximum=policy.maximum_lifetime,
        one_time_only=policy.one_time_only,
    )


def _survives_restart(facts: Facts) -> Verdict:
    if facts.policy.get().one_time_only:
        return warning("the policy allows one sign-in for each pass")
    if facts.wishes.one_time:
        return warning("PASS_ONE_TIME asks for passes for one sign-in", "PASS_ONE_TIME=false in the app's settings")
    return ok("a pass may be used more than once")


def _is_long_enough(facts: Facts) -> Verdict:
    policy = facts.policy.get()
    if policy.length is None:
        return unknown("the policy names no length")
    if policy.length >= SAFE_LENGTH or policy.one_time_only or facts.wishes.one_time:
        return ok(f"{policy.length} characters")
    return warning(f"{policy.length} characters, for passes that may be used more than once")


def _targets(facts: Facts) -> Verdict:
    policy = facts.policy.get()
    if not policy.include:
        return failure("it is for nobody", command("includeTargets = @(@{ targetType = 'group'; id = 'all_users' })"))
    if policy.include == {EVERYONE} and not policy.exclude:
        return ok("for everybody")
    coming = facts.coming.get()
    outside = [hire for hire in coming.hires if _is_outside(policy, hire)]
    if outside:
        return failure(f"outside its targets: {named(outside)}")
    if gone := _gone(facts, policy):
        return warning(f"among its targets are groups that are gone: {', '.join(gone)}")
    return ok(f"all {len(coming.hires)} who come next are among its targets" if coming.hires else "nobody is coming")


def _is_outside(policy: PassPolicy, hire: Hire) -> bool:
    """Tell whether a hire whose account is known is no target. That the policy is on is another check."""
    if len(hire.accounts) != 1 or hire.privileges is None:
        return False
    return policy.enabled and outside_policy(policy, hire.accounts[0], hire.privileges) is not None


def _gone(facts: Facts, policy: PassPolicy) -> list[str]:
    groups = facts.groups.get()
    return sorted(target for target in policy.include | policy.exclude if groups.get(target) is False)


CHECKS = (
    Check(
        id="pass-policy-on",
        subject=Subject.PASS_POLICY,
        title="The policy is on",
        why="Without it Graph makes no pass, and a lock screen takes none.",
        portal=_TARGETS,
        command=command("state = 'enabled'"),
        fixed_by_us="turns it on for those whom --target names",
        look=_is_on,
    ),
    Check(
        id="pass-policy-lifetimes",
        subject=Subject.PASS_POLICY,
        title="The policy's lifetimes hold what is wished",
        why="A shorter pass ends in mid-set-up, and the sessions begun with it end, too.",
        portal=_CONFIGURE,
        fixed_by_us="widens the limit to PASS_LIFETIME_MINUTES",
        look=_hours,
    ),
    Check(
        id="pass-policy-restarts",
        subject=Subject.PASS_POLICY,
        title="A pass outlives a restart",
        why="Set-up restarts the computer and asks for the pass again; one for one sign-in is spent by then.",
        portal=_CONFIGURE,
        command=command("isUsableOnce = $false"),
        look=_survives_restart,
    ),
    Check(
        id="pass-policy-length",
        subject=Subject.PASS_POLICY,
        title=f"A pass has {SAFE_LENGTH} characters or more",
        why="What may be used all day can be guessed at all day.",
        portal=_CONFIGURE,
        command=command(f"defaultLength = {SAFE_LENGTH}"),
        look=_is_long_enough,
    ),
    Check(
        id="pass-policy-targets",
        subject=Subject.PASS_POLICY,
        title="Everybody who is coming is among its targets",
        why="Outside of them no pass can be made, and a pass made before is blocked.",
        portal=_TARGETS,
        fixed_by_us="sets those whom --target names, where there are none",
        look=_targets,
    ),
)
