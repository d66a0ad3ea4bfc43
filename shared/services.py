"""The composition root: everything is built here, once, on first use, from the settings.

Importing this module costs nothing and reads nothing: the app must load where not a single setting is present, and
then say which are missing. A caller may hand in parts of its own; deployed, nobody does.
"""
# ruff: noqa: PLC0415 - lazily, as said above

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.parts import Parts
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.telemetry import pipelines

if TYPE_CHECKING:
    from shared.checkup.readiness import Readiness
    from shared.handover.callers.refusals import Limit
    from shared.handover.collecting.collect import Collecting
    from shared.handover.collecting.fresh_code import FreshCodes
    from shared.handover.collecting.reissue import Reissuing
    from shared.handover.sending.invite import Inviting
    from shared.onboarding.audit.erasing import Erasing
    from shared.onboarding.deliveries.replaying import Replaying
    from shared.onboarding.events.dropping import Dropping
    from shared.onboarding.events.hr_door import HrDoor
    from shared.onboarding.events.intake import Intake
    from shared.onboarding.records.reading import Reading
    from shared.onboarding.records.reconciling import Reconciling
    from shared.onboarding.records.subscribing import Subscribing
    from shared.onboarding.requests.asking import Asking
    from shared.onboarding.requests.batch import Batches
    from shared.onboarding.requests.desk import Desk
    from shared.onboarding.requests.report import Reports
    from shared.onboarding.requests.table import TableAsking
    from shared.onboarding.steps.tidy import Tidying
    from shared.onboarding.sweeping.crowds import Crowds
    from shared.onboarding.sweeping.daily import Daily
    from shared.onboarding.sweeping.digest import Digest
    from shared.onboarding.sweeping.sweep import Sweep
    from shared.passes.issue import Issuing
    from shared.websignin.device_side import DeviceSide
    from shared.websignin.scoping import Scoping

AZURE_INSTANCE = "WEBSITE_INSTANCE_ID"
"""Azure sets it on every instance it runs."""


@dataclass
class Services(Parts):
    """What the doorways call. Each service is built when it is first asked for, and kept."""

    @cached_property
    def hr(self) -> "HrDoor":
        """The door of the HR systems."""
        from shared.onboarding.events.hr_door import Effects, HrDoor
        from shared.onboarding.records.naming import Naming

        naming = Naming(self._records, self.clock)
        effects = Effects(self.intake, naming, self._deliveries, self.subscribing)
        return HrDoor(self.settings.sources, effects, self.clock)

    @cached_property
    def dropping(self) -> "Dropping":
        """Takes tables that HR leaves in containers."""
        from shared.onboarding.chores import Chores
        from shared.onboarding.events.dropping import RHYTHM, Dropping

        settings = self.settings
        containers = {name: self._containers.of(container) for name, container in settings.containers.items()}
        chores = Chores(RHYTHM, self._cells, self._sources_told, self.clock)
        return Dropping(settings.sources, containers, self.hr, chores, self._sources_told)

    @cached_property
    def replaying(self) -> "Replaying":
        """Shows deliveries that are kept, and runs them again."""
        from shared.onboarding.deliveries.replaying import Replaying

        settings = self.settings
        kinds = {name: wanted.kind for name, wanted in settings.hr_sources.items()}
        return Replaying(settings.sources, kinds, self._deliveries, self.hr)

    @cached_property
    def intake(self) -> "Intake":
        """Takes HR events."""
        from shared.onboarding.brakes.braking import Braking
        from shared.onboarding.events.intake import Intake

        braking = Braking(self._registry, self._counting, self._calendar, tuple(self.settings.hr_sources))
        return Intake(self._registry, self._calendar, braking, self.clock)

    @cached_property
    def asking(self) -> "Asking":
        """Takes what is asked for by hand."""
        from shared.onboarding.requests.asking import Asking, Door, Hours

        settings = self.settings
        zones = {name: site.timezone for name, site in settings.sites.items()}
        hours = Hours(zones, settings.default_timezone, settings.pass_lifetime)
        return Asking(self._registry, Door(self._preflight, self._order, self._leases), self.clock, hours)

    @cached_property
    def tables(self) -> "TableAsking":
        """Takes tables of what is asked for by hand."""
        from shared.onboarding.requests.table import TableAsking

        return TableAsking(self.asking, self.settings.sources, self._calendar, self.clock)

    @cached_property
    def sweep(self) -> "Sweep":
        """Releases due work."""
        from shared.onboarding.sweeping.poison import Poison
        from shared.onboarding.sweeping.sweep import Sweep

        return Sweep(self._releasing, Poison(self._context, self._queues), self._cells)

    @cached_property
    def reading(self) -> "Reading":
        """Reads records that HR systems named."""
        from shared.onboarding.records.reading import Events, Reading
        from shared.onboarding.records.trouble import Trouble

        context = self._context
        trouble = Trouble(self._cells, self._mailer, context.brakes, self.clock, self.settings.desk_mail)
        events = Events(self.intake, self._registry, self.clock)
        return Reading(self.settings.sources, self._records, events, self._ways, trouble)

    @cached_property
    def reconciling(self) -> "Reconciling":
        """Compares what is known with the lists of HR systems."""
        from shared.onboarding.chores import Chores
        from shared.onboarding.records.reconciling import RHYTHM, Reconciling

        told = self._sources_told
        chores = Chores(RHYTHM, self._cells, told, self.clock)
        return Reconciling(self.settings.sources, self._records, chores, self._ways, told, self.clock)

    @cached_property
    def subscribing(self) -> "Subscribing":
        """Keeps Entra telling of its users."""
        from shared.onboarding.chores import Chores
        from shared.onboarding.records.naming import Naming
        from shared.onboarding.records.subscribing import RHYTHM, Subscribing
        from shared.runtime.settings import Mode
        from shared.tenant.changes import GraphUserChanges

        settings = self.settings
        return Subscribing(
            settings.sources,
            GraphUserChanges(self._graph),
            Chores(RHYTHM, self._cells, self._sources_told, self.clock),
            Naming(self._records, self.clock),
            self.reconciling,
            settings.link_base_url,
            settings.desk_mail,
            observes=settings.mode is Mode.OBSERVE,
        )

    @cached_property
    def crowds(self) -> "Crowds":
        """Brings forward what a wave needs, and forecasts."""
        from shared.onboarding.sweeping.crowds import Crowds, Warned

        settings = self.settings
        warned = Warned(self._mailer, settings.desk_mail, settings.default_timezone, settings.mode)
        rate = settings.pass_requests_per_10_seconds
        return Crowds(self._store, self._cells, self.clock, warned, rate)

    @cached_property
    def daily(self) -> "Daily":
        """Counts and cleans up once a day."""
        from shared.onboarding.records.resting import Resting
        from shared.onboarding.strays import Strays
        from shared.onboarding.sweeping.daily import Daily

        settings = self.settings
        kept = timedelta(days=settings.retention_days)
        resting = Resting(self._records, self._deliveries, tuple(settings.sources), kept)
        strays = Strays(self._census, self._registry.people)
        return Daily(self._census, (resting, strays), self._cells, self.clock)

    @cached_property
    def digest(self) -> "Digest":
        """Tells the desks who starts next."""
        from shared.onboarding.sweeping.digest import Digest

        return Digest(self._context, self._cells, self._leases, self._mailer, self._digested)

    @cached_property
    def inviting(self) -> "Inviting":
        """Mails notices and links."""
        from shared.handover.keys.links import Addresses
        from shared.handover.sending.deliver import CodeChannel, Delivering, HiresTelephone, ManagersMail, OwnMailbox
        from shared.handover.sending.invite import Announcing, Inviting
        from shared.handover.sending.nudges import Nudging
        from shared.onboarding.model import Route

        addresses = Addresses(self.settings.link_base_url, self.settings.desk_mail)
        announcing = Announcing(self._registry.people, self._releasing)
        mailer = OwnMailbox(self._mailer)
        channels: dict[Route, CodeChannel] = {Route.HIRE_MANAGER: ManagersMail(mailer)}
        if self.settings.communication_text_sender:
            channels[Route.HIRE_TEXT] = HiresTelephone(self._texter)
        delivering = Delivering(mailer, channels, Nudging(self._nudger))
        return Inviting(self._context, self._preflight, delivering, announcing, addresses)

    @cached_property
    def issuing(self) -> "Issuing":
        """Makes passes."""
        from shared.passes.issue import Issuing

        return Issuing(self._context, self._preflight, self._passes, self._budget, self._leases)

    @cached_property
    def scoping(self) -> "Scoping":
        """Brings device groups into the scope of the Web sign-in profile, and devices into groups."""
        from shared.websignin.approved import AskedRequests
        from shared.websignin.hire_devices import HireDevices
        from shared.websignin.membership import Memberships
        from shared.websignin.scoping import Reach, Scoping
        from shared.websignin.shared_profiles import SharedProfiles
        from shared.websignin.sought import companion, web_sign_in
        from shared.websignin.targets import Targets, Wanted

        settings = self.settings
        make, beside = settings.make_profiles, settings.web_sign_in_companion
        profile = web_sign_in(settings.web_sign_in_profile, make=make)
        other = companion(beside, settings.default_credential_provider, make=make) if beside else None
        wanted = Wanted(self._device_groups, self._rules, settings.scope_strategy, settings.device_preparation_group)
        hires = HireDevices(self._devices, self._autopilot)
        targets = Targets(self._directory, self._devices, self._groups, hires, wanted)
        joined = Memberships(self._store, self._registry.people, self._groups, self._devices, self._leases, self.clock)
        asked = AskedRequests(self._cells)
        profiles = SharedProfiles(
            self._profiles, self._directory, asked, self._leases, self.clock, profile, companion=other
        )
        return Scoping(self._context, Reach(profiles, targets, self._groups, joined))

    @cached_property
    def device_side(self) -> "DeviceSide":
        """Does what is due for the device of a hire."""
        from shared.websignin.device_side import DeviceSide

        return DeviceSide(self.scoping, self._looking)

    @cached_property
    def tidying(self) -> "Tidying":
        """Ends, forgets, revokes, learns of use, erases."""
        from shared.handover.keys.links import Addresses
        from shared.handover.sending.news import Hears, News
        from shared.handover.sending.tell import Telling
        from shared.handover.sending.together import Together
        from shared.onboarding.brakes.telling import TellingHolds
        from shared.onboarding.steps.tidy import Doers, Tidying
        from shared.passes.holdings import Holdings
        from shared.passes.review import Reviewing

        context = self._context
        holdings = Holdings(context, self._passes, self._budget)
        settings = self.settings
        hears = Hears(
            *map(
                frozenset,
                (settings.tell_opened, settings.tell_not_opened, settings.tell_locked, settings.tell_revoked),
            )
        )
        addresses = Addresses(settings.link_base_url, settings.desk_mail)
        news = News(self._recipients, addresses, self._reissue_window, hears)
        together = Together(self._store, self._registry.people, self._leases, self._mailer, settings.desk_mail)
        telling = Telling(context, self._mailer, news, together)
        reviewing = Reviewing(context, self._preflight, self._reminding)
        holds = TellingHolds(context, self._counting, self._mailer, self.settings.desk_mail)
        doers = Doers(holdings, reviewing, telling, holds, self._watching, self.erasing)
        return Tidying(context, doers, self._hints)

    @cached_property
    def erasing(self) -> "Erasing":
        """Erases what is personal."""
        from shared.onboarding.audit.erasing import Erasing

        return Erasing(self._registry, self._records, self._deliveries, self.clock)

    @cached_property
    def collecting(self) -> "Collecting":
        """Answers the hand-over page."""
        from shared.handover.collecting.collect import Collecting

        return Collecting(self._store, self._proof, self.clock, self._reissue_window)

    @cached_property
    def limit(self) -> "Limit":
        """Limits what is turned away at the page."""
        from shared.handover.callers.refusals import Limit

        return Limit(self.clock)

    @cached_property
    def reissuing(self) -> "Reissuing":
        """Has passes made anew for those who collect."""
        from shared.handover.collecting.reissue import Reissuing

        return Reissuing(self._releasing, self._proof, self._reissue_window)

    @cached_property
    def fresh_codes(self) -> "FreshCodes":
        """Has codes made anew for those who hold them."""
        from shared.handover.collecting.fresh_code import FreshCodes

        return FreshCodes(self._registry, self.clock)

    @cached_property
    def desk(self) -> "Desk":
        """Releases and retries."""
        from shared.onboarding.requests.desk import Desk

        return Desk(self._registry, self._calendar, self.clock)

    @cached_property
    def batches(self) -> "Batches":
        """Lets many go who are held back."""
        from shared.onboarding.requests.batch import Batches

        return Batches(self._registry, self.clock)

    @cached_property
    def readiness(self) -> "Readiness":
        """Checks up on the tenant."""
        from shared.checkup.readiness import Readiness

        return Readiness(self._gathering, self.clock)

    @cached_property
    def reports(self) -> "Reports":
        """Shows onboardings."""
        from shared.onboarding.requests.report import Reports

        return Reports(self._registry, self._directory, self.settings.number_attribute)


ServicesFactory = Callable[[], Services]

_clock: Clock = SystemClock()
_services: Services | None = None


def use_clock(clock: Clock) -> None:
    """Let everything built from now on read another clock. For a sandbox, before it loads the app.

    Raises:
        RuntimeError: the platform shows that this is Azure, where time is not a matter of opinion.
    """
    global _clock, _services
    if os.environ.get(AZURE_INSTANCE):
        raise RuntimeError("The clock cannot be set in Azure.")
    _clock, _services = clock, None


def get_services() -> Services:
    """Return the app's services, the same at every call."""
    global _services  # noqa: PLW0603 - built once, on first use
    if _services is None:
        _services = Services(os.environ, _clock)
        pipelines.begin(os.environ, _clock)
    return _services
