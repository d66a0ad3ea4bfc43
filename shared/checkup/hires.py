"""Has everybody who is coming an account, a number, somebody who collects, and a licence? Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from shared.checkup.facts import Facts, Hire
from shared.checkup.finding import Check, Subject, Verdict, failure, ok, unknown, warning
from shared.checkup.naming import named
from shared.onboarding.eligibility.authority import MEMBER, manager_of
from shared.onboarding.reasons import Reason
from shared.websignin.readiness import Gap, Obstacle

ENTRA_P1 = frozenset({"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "eec0eb4f-6444-4f95-aba0-50c24d67f998"})
"""Service plans that hold what a pass needs: Entra ID P1, and P2, which holds P1."""
INTUNE = frozenset({"c1ec4a95-1f05-45b3-a911-aa3fa01094f5"})
"""The service plan of Intune (INTUNE_A), which brings the profile to a device."""
_USER = "Entra admin centre → Users → the user"


def _accounts(facts: Facts) -> Verdict:
    coming = facts.coming.get().hires
    told = _told({
        "no account": [hire for hire in coming if not hire.accounts],
        "several accounts": [hire for hire in coming if len(hire.accounts) > 1],
        "disabled": [hire for hire in _known(facts) if not hire.accounts[0].enabled],
        "guest": [hire for hire in _known(facts) if hire.accounts[0].user_type.casefold() != MEMBER],
    })  # fmt: skip
    return failure(told) if told else _fine(facts)


def _numbers(facts: Facts) -> Verdict:
    attribute = facts.wishes.number_attribute
    by_event = [hire for hire in _known(facts) if hire.by_event]
    told = _told({
        f"{attribute} is empty": [hire for hire in by_event if not hire.accounts[0].attributes.get(attribute)],
        f"{attribute} is another's, too": [hire for hire in by_event if hire.numbered > 1],
    })  # fmt: skip
    return warning(told) if told else _fine(facts)


def _collectors(facts: Facts) -> Verdict:
    without: dict[str, list[Hire]] = defaultdict(list)
    for hire in _known(facts):
        found = manager_of(hire.accounts[0])
        if isinstance(found, Reason):
            without[found.value].append(hire)
    if not without:
        return _fine(facts)
    if facts.wishes.others_collect:
        return warning(f"{_told(without)}; the next of COLLECTOR_CHAIN collects")
    return failure(_told(without))


def _licences(facts: Facts) -> Verdict:
    needs_intune = bool(facts.wishes.device_groups)
    told = _told({
        "without Entra ID P1": [hire for hire in _known(facts) if not hire.plans & ENTRA_P1],
        "without Intune": [hire for hire in _known(facts) if needs_intune and not hire.plans & INTUNE],
    })  # fmt: skip
    return warning(told) if told else _fine(facts)


def _devices(facts: Facts) -> Verdict:
    """Tell of the devices as they were when last looked at: they are not read again for this.

    That none is known is no fault where device preparation enrols it on day one.
    """
    coming = facts.coming.get().hires
    judged = [(hire.device.reason, hire) for hire in coming if hire.device]
    found: dict[str, list[Hire]] = defaultdict(list)
    for reason, hire in judged:
        if reason not in {None, Gap.NO_DEVICE_KNOWN}:
            found[str(reason)].append(hire)
    if found:
        is_certain = any(isinstance(reason, Obstacle) for reason, _ in judged)
        return warning(_told(found)) if is_certain else unknown(_told(found))
    if not coming:
        return _fine(facts)
    ready = sum(reason is None for reason, _ in judged)
    return ok(f"{ready} of {len(coming)} known to be ready")


def _known(facts: Facts) -> Iterable[Hire]:
    return [hire for hire in facts.coming.get().hires if len(hire.accounts) == 1]


def _told(hires: Mapping[str, list[Hire]]) -> str:
    return "; ".join(f"{what}: {named(who)}" for what, who in hires.items() if who)


def _fine(facts: Facts) -> Verdict:
    coming = facts.coming.get()
    if not coming.hires:
        return ok("nobody is coming just now")
    later = f"; {coming.more} who come later were not" if coming.more else ""
    return ok(f"{len(coming.hires)} looked at, all in order{later}")


CHECKS = (
    Check(
        id="hires-accounts",
        subject=Subject.HIRES,
        title="Each has one account, enabled, of the tenant",
        why="Without it no pass is made; the hire waits with account-not-found, -ambiguous, -disabled or -is-guest.",
        portal="Entra admin centre → Users; or the system that makes accounts",
        look=_accounts,
    ),
    Check(
        id="hires-numbers",
        subject=Subject.HIRES,
        title="Each has an employee number of his own",
        why="An event alone is no authority over an account: without its number in Entra it waits for a release.",
        portal=f"{_USER} → Properties → Job information → Employee ID",
        command="az rest --method PATCH \\\n"
        "  --url https://graph.microsoft.com/v1.0/users/USER \\\n"
        '  --body \'{"employeeId": "NUMBER"}\'',
        look=_numbers,
    ),
    Check(
        id="hires-collectors",
        subject=Subject.HIRES,
        title="Each has a manager with a mailbox",
        why="The link goes to Entra's own manager; where there is none, another collects, or nobody.",
        portal=f"{_USER} → Properties → Job information → Manager",
        command="az rest --method PUT \\\n"
        "  --url 'https://graph.microsoft.com/v1.0/users/USER/manager/$ref' \\\n"
        '  --body \'{"@odata.id": "https://graph.microsoft.com/v1.0/users/MANAGER"}\'',
        look=_collectors,
    ),
    Check(
        id="hires-licences",
        subject=Subject.HIRES,
        title="Each is licensed",
        why="A Temporary Access Pass needs Entra ID P1, and the profile reaches a device by Intune.",
        portal="Microsoft 365 admin centre → Users → Active users → the user → Licences and apps",
        look=_licences,
    ),
    Check(
        id="hires-devices",
        subject=Subject.HIRES,
        title="Each has a device that is ready",
        why="On a device that is not, the lock screen has no globe, and a pass cannot be typed there.",
        portal="docs/device-readiness.md has what mends each; Intune admin centre → Devices → Windows → the device",
        look=_devices,
    ),
)
