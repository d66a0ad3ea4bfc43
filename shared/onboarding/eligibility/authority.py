"""May this event lead to a pass for this account, and who may collect it? Pure.

A signed event is no authority over an existing account: whoever holds an HR system's secret could otherwise name the
CFO and himself. What the event says of the person is only compared with what Entra holds.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.channels.numbers import e164
from shared.handover.wording import is_address
from shared.onboarding.collector import Collector, Route
from shared.onboarding.model import Ask, Release, Subject
from shared.onboarding.reasons import Reason
from shared.sources.hire import HireData
from shared.tenant.ports.passes import PassPolicy
from shared.tenant.ports.people import Account, Privileges

MEMBER = "member"
EVERYONE = "all_users"


@dataclass(frozen=True, slots=True)
class Rules:
    """What settings say about authority. `max_age` runs from the account's creation to the start. No pilot: for all."""

    number_attribute: str
    max_age: timedelta
    protected_groups: AbstractSet[str]
    pilot: "Pilot | None" = None


@dataclass(frozen=True, slots=True)
class Pilot:
    """Who is served at first: the members of a group, however nested, and the offices named, as Entra spells them."""

    group: str | None
    sites: AbstractSet[str]


def outside_pilot(account: Account, privileges: Privileges, rules: Rules) -> Reason | None:
    """Tell that an account is not served yet, whichever door asks; by what Entra holds, never by what an event says."""
    pilot = rules.pilot
    if pilot is None or pilot.group in privileges.groups or account.office in pilot.sites:
        return None
    return Reason.OUTSIDE_PILOT


def refused_on_every_door(account: Account, privileges: Privileges, rules: Rules) -> Reason | None:
    """Tell why no pass may ever be made for an account by this app; None where one may. Nobody can release these."""
    if account.user_type.casefold() != MEMBER or "#EXT#" in account.user_principal_name.upper():
        return Reason.ACCOUNT_IS_GUEST
    if not account.enabled:
        return Reason.ACCOUNT_DISABLED
    return is_beyond_this_app(privileges, rules)


def is_beyond_this_app(privileges: Privileges, rules: Rules) -> Reason | None:
    """Tell why what an account may do, or the groups it is in, keep it from any pass of this app; None: they do not."""
    if privileges.roles or privileges.role_assignable:
        return Reason.ACCOUNT_PRIVILEGED
    if privileges.groups & rules.protected_groups:
        return Reason.ACCOUNT_PROTECTED
    return None


def needs_release(account: Account, hire: HireData, start: datetime, rules: Rules) -> Reason | None:
    """Tell why this event alone is not enough for this account; None where it is. A Pass.Admin may release these."""
    number = account.attributes.get(rules.number_attribute, "")
    if not number or number.strip() != hire.external_id.strip():
        return Reason.EMPLOYEE_NUMBER_DIFFERS
    if account.created is None or start - account.created > rules.max_age:
        return Reason.ACCOUNT_TOO_OLD
    return None


def is_released(release: Release | None, subject: Subject, collector: Collector) -> bool:
    """Tell whether a release covers exactly this account and this collector."""
    return release is not None and (release.subject, release.collector) == (subject.id, collector.bound)


def let_go_by_party(let_go_by: Iterable[str], subject: Subject, collector: Collector | None) -> bool:
    """Tell whether who gets or collects the pass let go of what held the hire back, before it was known who that is."""
    parties = {subject.id.casefold(), collector.id.casefold() if collector else ""}
    return any(one.casefold() in parties for one in let_go_by)


def outside_policy(policy: PassPolicy, account: Account, privileges: Privileges) -> Reason | None:
    """Tell why the tenant's policy keeps this account from using a pass; None where it does not."""
    if not policy.enabled:
        return Reason.POLICY_DISABLED
    belongs = privileges.groups | {account.id, EVERYONE}
    if policy.exclude & belongs or not policy.include & belongs:
        return Reason.POLICY_EXCLUDES_ACCOUNT
    return None


def request_needs_release(ask: Ask) -> Reason | None:
    """Tell whether a second person has to agree: where an app asks, or the manager has no part in collecting."""
    return None if ask.by_person and ask.route in {Route.MANAGER, Route.HIRE_MANAGER} else Reason.RELEASE_NEEDED


def is_own_request(ask: Ask | None, subject: Subject, collector: Collector | None) -> bool:
    """Tell whether anybody who asked is the target or the recipient, of a link or of a code."""
    if ask is None:
        return False
    parties = {subject.id.casefold(), collector.id.casefold() if collector else ""}
    return any(one.casefold() in parties for one in ask.askers)


def manager_of(account: Account) -> Collector | Reason:
    """Return who may collect: Entra's own manager of the account, able to sign in and to get mail; or why nobody."""
    manager = account.manager
    if manager is None:
        return Reason.MANAGER_MISSING
    if manager.id == account.id:
        return Reason.MANAGER_IS_HIRE
    if not manager.enabled:
        return Reason.MANAGER_DISABLED
    if not manager.mail:
        return Reason.MANAGER_WITHOUT_MAILBOX
    return Collector(manager.id, manager.display_name, manager.mail)


def hire_with(manager: Collector, account: Account, home_mail: str | None) -> Collector | Reason:
    """Return the hire as collector, for whom this manager vouches; or why the link must not go to the private address.

    The address that HR names counts only if Entra holds it as an alternate one (`otherMails`), and only where it is no
    address of the company: in one mailbox, or in two that one administrator reads, link and code are one thing. The
    link goes to it as Entra writes it, for what is the same without case may be another mailbox (ss and sharp s).
    """
    if not home_mail:
        return Reason.HIRE_MAIL_MISSING
    held = {mail.casefold(): mail for mail in account.other_mails if is_address(mail)}.get(home_mail.casefold())
    if held is None:
        return Reason.HIRE_MAIL_DIFFERS
    own = (account.user_principal_name, account.mail, manager.mail)
    if _domain(held) in {_domain(mail) for mail in own if mail}:
        return Reason.HIRE_MAIL_NOT_PRIVATE
    return replace(manager, route=Route.HIRE_MANAGER, link_to=held)


def hire_by_text(by_link: Collector, account: Account, mobile: str | None) -> Collector | Reason:
    """Return the hire as collector with a code on his own number, where Entra holds the same; or why not.

    `by_link`: the hire with a link, as `hire_with` found him. Nobody tells this hire the code, so nobody but whoever
    has mailbox and number is proven: weaker than any other route.
    """
    number = e164(mobile)
    if number is None:
        return Reason.HIRE_MOBILE_MISSING
    if e164(account.mobile_phone) != number:
        return Reason.HIRE_MOBILE_DIFFERS
    return replace(by_link, route=Route.HIRE_TEXT, text_to=number)


def _domain(mail: str) -> str:
    return mail.rpartition("@")[2].casefold()
