"""Is the app itself as it should be: storage, sweep, clock, secrets, and its closed doors? Pure."""

from datetime import timedelta

from shared.checkup.facts import Facts, Unread
from shared.checkup.finding import Check, Subject, Verdict, failure, ok, warning

TOLERATED = timedelta(seconds=30)
TOO_MUCH = timedelta(minutes=5)
"""As much as a webhook's time may be off: beyond it every event is refused."""
_ROLES = "the app's identity needs Storage Table Data Contributor and Storage Queue Data Contributor"
_STORAGE = "Azure portal → the data storage account → Access control (IAM), Networking"
_DEPLOY = "azd provision"


def _tables(facts: Facts) -> Verdict:
    match facts.app.get().sweep:
        case Unread(reason):
            return failure(reason)
        case _:
            return ok("they answer")


def _queues(facts: Facts) -> Verdict:
    match facts.app.get().missing_queues:
        case Unread(reason):
            return failure(reason)
        case found:
            return failure(f"missing: {', '.join(found.value)}") if found.value else ok("they answer")


def _sweep(facts: Facts) -> Verdict:
    sweep = facts.app.get().sweep.get()
    if not sweep.alive:
        return failure("it has not run for five minutes")
    if sweep.poisoned or sweep.overdue:
        return warning(f"it runs; {sweep.overdue} steps are overdue, {sweep.poisoned} hints are poisoned")
    return ok("it runs, and nothing is overdue")


def _clock(facts: Facts) -> Verdict:
    skew = abs(facts.app.get().skew.get())
    told = f"off by {skew.total_seconds():.0f} s, against storage"
    if skew > TOO_MUCH:
        return failure(told)
    return warning(told) if skew > TOLERATED else ok(told)


def _vault(facts: Facts) -> Verdict:
    unresolved = facts.app.get().unresolved
    return failure(f"not resolved: {', '.join(unresolved)}") if unresolved else ok("every reference is resolved")


def _secrets(facts: Facts) -> Verdict:
    app = facts.app.get()
    if app.weak_secrets:
        return warning(f"too short, or too regular: {', '.join(app.weak_secrets)}")
    return ok("none could be guessed" if app.sources else "no HR system is named")


def _door(facts: Facts) -> Verdict:
    if facts.door_is_closed.get():
        return ok("nobody gets in without a sign-in")
    return failure("the app answers a stranger as if nobody had to sign in")


CHECKS = (
    Check(
        id="app-tables",
        subject=Subject.APP,
        title="Tables can be reached",
        why="Without them no event is taken, and nothing is known of any hire.",
        portal=f"{_STORAGE}; {_ROLES}",
        command=_DEPLOY,
        look=_tables,
    ),
    Check(
        id="app-queues",
        subject=Subject.APP,
        title="All queues are there",
        why="Without them no step is begun; what is due waits.",
        portal=f"{_STORAGE}; {_ROLES}",
        command=_DEPLOY,
        look=_queues,
    ),
    Check(
        id="app-sweep",
        subject=Subject.APP,
        title="The sweep runs, and nothing is left behind",
        why="It is the only scheduler: without it there is no notice, no link and no pass.",
        portal="Azure portal → the Function App → Functions → sweep; docs/runbook.md, not-alive",
        command="az functionapp restart --resource-group RESOURCE_GROUP --name APP",
        look=_sweep,
    ),
    Check(
        id="app-clock",
        subject=Subject.APP,
        title="Its clock is right",
        why="Hours of passes, webhook signatures and leases are told by it.",
        portal="nothing to be set: the platform keeps the time; restart the app, and tell Azure support",
        command="az functionapp restart --resource-group RESOURCE_GROUP --name APP",
        look=_clock,
    ),
    Check(
        id="app-vault",
        subject=Subject.APP,
        title="Every secret comes out of the vault",
        why="A reference that is not resolved stands in place of the secret, and anybody may know a reference.",
        portal="Azure portal → the Function App → Environment variables shows why; Key Vault Secrets User is needed",
        command="az functionapp config appsettings list --resource-group RESOURCE_GROUP --name APP",
        look=_vault,
    ),
    Check(
        id="app-webhook-secrets",
        subject=Subject.APP,
        title="Webhook secrets are strong",
        why="Whoever guesses one can announce hires.",
        portal="docs/connect-your-hr-system.md says how to rotate one without a gap",
        command="openssl rand -base64 32",
        look=_secrets,
    ),
    Check(
        id="app-authentication",
        subject=Subject.APP,
        title="Protected routes are closed to strangers",
        why="App Service authentication tells the app who is calling; with it off nobody can collect.",
        portal="Azure portal → the Function App → Authentication",
        command="infra/graph/set-up.sh ENVIRONMENT RESOURCE_GROUP HOST_NAME && azd provision",
        look=_door,
    ),
)
