"""The composition root: everything is built here, once, on first use, from the settings.

Importing this module costs nothing and reads nothing: the app must load where not a single setting is present, and
then say which are missing. A caller may hand in parts of its own; deployed, nobody does.
"""
# ruff: noqa: PLC0415 - lazily, as said above

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.runtime.clock import Clock, SystemClock

if TYPE_CHECKING:
    from azure.identity.aio import ManagedIdentityCredential

    from shared.handover.collect import Collecting
    from shared.handover.invite import Inviting
    from shared.handover.reissue import Reissuing
    from shared.handover.remind import Reminding
    from shared.onboarding.audit.census import Census
    from shared.onboarding.audit.erasing import Erasing
    from shared.onboarding.eligibility.authority import Rules
    from shared.onboarding.eligibility.order import Order
    from shared.onboarding.eligibility.preflight import Preflight
    from shared.onboarding.eligibility.recipients import Recipients
    from shared.onboarding.events.admission import Calendar
    from shared.onboarding.events.intake import Intake
    from shared.onboarding.registry import Registry
    from shared.onboarding.requests.asking import Asking
    from shared.onboarding.requests.desk import Desk
    from shared.onboarding.requests.report import Reports
    from shared.onboarding.steps.tidy import Tidying
    from shared.onboarding.steps.waiting import StepContext
    from shared.onboarding.steps.watching import Watching
    from shared.onboarding.store import Store
    from shared.onboarding.sweeping.crowds import Crowds
    from shared.onboarding.sweeping.daily import Daily
    from shared.onboarding.sweeping.health import HealthReport
    from shared.onboarding.sweeping.hints import Hints
    from shared.onboarding.sweeping.releasing import Releasing
    from shared.onboarding.sweeping.sweep import Sweep
    from shared.passes.budget import Budget
    from shared.passes.issue import Issuing
    from shared.runtime.leases import Cells, Leases
    from shared.runtime.settings import Settings
    from shared.runtime.storage import Queues, Tables
    from shared.sources.delivery import Delivery, Source
    from shared.tenant.devices import GraphDevices
    from shared.tenant.directory import GraphDirectory
    from shared.tenant.graph import GraphConnection
    from shared.tenant.mail import GraphMailer
    from shared.tenant.passes import GraphPasses
    from shared.tenant.profiles import GraphProfiles
    from shared.tenant.registrations import GraphRegistrationReport
    from shared.tenant.sign_ins import GraphSignInLog
    from shared.websignin.scoping import Scoping

AZURE_INSTANCE = "WEBSITE_INSTANCE_ID"
"""Azure sets it on every instance it runs."""


@dataclass
class Services:
    """What the doorways call. Each part is built when it is first asked for, and kept."""

    environ: Mapping[str, str]
    clock: Clock

    @cached_property
    def settings(self) -> "Settings":
        """The settings.

        Raises:
            SettingsError: with every fault at once.
        """
        from shared.runtime.settings import load_settings

        return load_settings(self.environ)

    @property
    def authentication_is_on(self) -> bool:
        """Whether the platform says that App Service authentication stands before the app."""
        return self.environ.get("WEBSITE_AUTH_ENABLED", "").casefold() == "true"

    @cached_property
    def sources(self) -> "Mapping[str, Source]":
        """The HR systems that may post events, by name."""
        from shared.runtime.errors import SettingsError
        from shared.sources.errors import SecretMalformedError
        from shared.sources.intake import make_source

        try:
            return {
                name: make_source(name, source.kind, self.settings.secrets_of(name))
                for name, source in self.settings.hr_sources.items()
            }
        except SecretMalformedError as error:
            raise SettingsError((f"HR_SOURCES: {error}.",)) from error

    def receive(self, source: str, headers: Mapping[str, str], body: bytes) -> "Delivery":
        """Verify and read what was posted to the source of this name.

        Raises:
            DeliveryError: it is not taken.
        """
        from shared.sources.errors import UnknownSourceError
        from shared.sources.intake import receive

        if source not in self.sources:
            raise UnknownSourceError
        return receive(self.sources[source], headers, body, self.clock.now())

    @cached_property
    def intake(self) -> "Intake":
        """Takes HR events."""
        from shared.onboarding.events.intake import Intake

        return Intake(self._registry, self._calendar, self.clock)

    @cached_property
    def asking(self) -> "Asking":
        """Takes what is asked for by hand."""
        from shared.onboarding.requests.asking import Asking, Door, Hours

        settings = self.settings
        zones = {name: site.timezone for name, site in settings.sites.items()}
        hours = Hours(zones, settings.default_timezone, settings.pass_lifetime)
        return Asking(self._registry, Door(self._preflight, self._order, self._leases), self.clock, hours)

    @cached_property
    def sweep(self) -> "Sweep":
        """Releases due work."""
        from shared.onboarding.sweeping.poison import Poison
        from shared.onboarding.sweeping.sweep import Sweep

        return Sweep(self._releasing, Poison(self._context, self._queues), self._cells)

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
        from shared.onboarding.sweeping.daily import Daily

        return Daily(self._census, self._cells, self.clock)

    @cached_property
    def inviting(self) -> "Inviting":
        """Mails notices and links."""
        from shared.handover.invite import Addresses, Announcing, Inviting

        addresses = Addresses(self.settings.link_base_url, self.settings.desk_mail)
        announcing = Announcing(self._registry.people, self._releasing)
        return Inviting(self._context, self._preflight, self._mailer, announcing, addresses)

    @cached_property
    def issuing(self) -> "Issuing":
        """Makes passes."""
        from shared.passes.issue import Issuing

        return Issuing(self._context, self._preflight, self._passes, self._budget, self._leases)

    @cached_property
    def scoping(self) -> "Scoping":
        """Brings device groups into the scope of the Web sign-in profile."""
        from shared.websignin.groups import DeviceGroups
        from shared.websignin.scoping import Scoping, Tenant, Wanted

        settings = self.settings
        by_site = {name: site.device_group for name, site in settings.sites.items() if site.device_group}
        groups = DeviceGroups(by_site, settings.department_device_groups, settings.device_group)
        tenant = Tenant(self._profiles, self._directory, self._devices)
        wanted = Wanted(settings.web_sign_in_profile, groups, self._rules)
        return Scoping(self._context, tenant, self._leases, wanted)

    @cached_property
    def tidying(self) -> "Tidying":
        """Ends, forgets, revokes, learns of use, erases."""
        from shared.handover.news import News
        from shared.handover.tell import Telling
        from shared.onboarding.steps.tidy import Doers, Tidying
        from shared.passes.holdings import Holdings
        from shared.passes.review import Reviewing

        context = self._context
        holdings = Holdings(context, self._passes, self._budget)
        news = News(self._recipients, self.settings.desk_mail, self._reissue_window)
        telling = Telling(context, self._mailer, news)
        reviewing = Reviewing(context, self._preflight, self._reminding)
        return Tidying(context, Doers(holdings, reviewing, telling, self._watching, self.erasing))

    @cached_property
    def erasing(self) -> "Erasing":
        """Erases what is personal."""
        from shared.onboarding.audit.erasing import Erasing

        return Erasing(self._registry, self.clock)

    @cached_property
    def collecting(self) -> "Collecting":
        """Answers the hand-over page."""
        from shared.handover.collect import Collecting

        return Collecting(self._store, self.clock, self._reissue_window)

    @cached_property
    def reissuing(self) -> "Reissuing":
        """Has passes made anew for those who collect."""
        from shared.handover.reissue import Reissuing

        return Reissuing(self._releasing, self._reissue_window)

    @cached_property
    def desk(self) -> "Desk":
        """Releases and retries."""
        from shared.onboarding.requests.desk import Desk

        return Desk(self._registry, self._calendar, self.clock)

    @cached_property
    def health(self) -> "HealthReport":
        """Reads what the sweep last saw."""
        from shared.onboarding.sweeping.health import HealthReport

        return HealthReport(self._cells, self.clock)

    @cached_property
    def reports(self) -> "Reports":
        """Shows onboardings."""
        from shared.onboarding.requests.report import Reports

        return Reports(self._registry, self._directory, self.settings.number_attribute)

    @property
    def _reissue_window(self) -> timedelta:
        return timedelta(days=self.settings.reissue_days)

    @cached_property
    def _credential(self) -> "ManagedIdentityCredential":
        from azure.identity.aio import ManagedIdentityCredential

        return ManagedIdentityCredential(client_id=self.settings.client_id)

    @cached_property
    def _tables(self) -> "Tables":
        from shared.runtime.storage import Tables

        return Tables(self.settings.table_service, self._credential)

    @cached_property
    def _queues(self) -> "Queues":
        from shared.runtime.storage import Queues

        return Queues(self.settings.queue_service, self._credential)

    @cached_property
    def _store(self) -> "Store":
        from shared.onboarding.schedule import Keep
        from shared.onboarding.store import Store

        settings = self.settings
        keep = Keep(timedelta(days=settings.retention_days), timedelta(days=settings.audit_days))
        return Store(self._tables.onboardings, keep)

    @cached_property
    def _census(self) -> "Census":
        from shared.onboarding.audit.census import Census

        return Census(self._tables.onboardings)

    @cached_property
    def _calendar(self) -> "Calendar":
        from shared.onboarding.events.admission import Calendar
        from shared.planning.plan import Wishes
        from shared.planning.start import SiteHours
        from shared.planning.workdays import MONDAY_TO_FRIDAY, WorkWeek

        settings = self.settings

        def work_week(site: str | None, year: int) -> WorkWeek:
            return settings.sites[site].work_week(year) if site else MONDAY_TO_FRIDAY

        sites = {name: SiteHours(site.timezone, site.start_time) for name, site in settings.sites.items()}
        wishes = Wishes(lifetime=settings.pass_lifetime, link_lead=settings.link_lead)
        return Calendar(sites, settings.default_timezone, wishes, work_week)

    @cached_property
    def _registry(self) -> "Registry":
        from shared.onboarding.people import People
        from shared.onboarding.registry import Registry

        return Registry(self._store, People(self._cells_of_people), self._hints)

    @cached_property
    def _releasing(self) -> "Releasing":
        from shared.onboarding.sweeping.releasing import Releasing

        return Releasing(self._store, self._queues, self._budget, self.clock)

    @cached_property
    def _cells(self) -> "Cells":
        from shared.runtime.leases import Cells

        return Cells(self._tables.leases)

    @cached_property
    def _cells_of_people(self) -> "Cells":
        from shared.runtime.leases import Cells

        return Cells(self._tables.people)

    @cached_property
    def _leases(self) -> "Leases":
        from shared.runtime.leases import Leases

        return Leases(self._cells, self.clock)

    @cached_property
    def _hints(self) -> "Hints":
        from shared.onboarding.sweeping.hints import Hints

        return Hints(self._queues, self._store)

    @cached_property
    def _budget(self) -> "Budget":
        from shared.passes.budget import Budget

        return Budget(self._cells, self.clock, self.settings.pass_requests_per_10_seconds)

    @cached_property
    def _graph(self) -> "GraphConnection":
        from shared.tenant.graph import GraphConnection

        return GraphConnection(self._credential, self.settings.graph_base_url)

    @cached_property
    def _directory(self) -> "GraphDirectory":
        from shared.tenant.directory import GraphDirectory

        return GraphDirectory(self._graph)

    @cached_property
    def _passes(self) -> "GraphPasses":
        from shared.tenant.passes import GraphPasses

        return GraphPasses(self._graph)

    @cached_property
    def _devices(self) -> "GraphDevices":
        from shared.tenant.devices import GraphDevices

        return GraphDevices(self._graph)

    @cached_property
    def _profiles(self) -> "GraphProfiles":
        from shared.tenant.profiles import GraphProfiles

        return GraphProfiles(self._graph)

    @cached_property
    def _sign_ins(self) -> "GraphSignInLog":
        from shared.tenant.sign_ins import GraphSignInLog

        return GraphSignInLog(self._graph)

    @cached_property
    def _registrations(self) -> "GraphRegistrationReport":
        from shared.tenant.registrations import GraphRegistrationReport

        return GraphRegistrationReport(self._graph)

    @cached_property
    def _mailer(self) -> "GraphMailer":
        from shared.tenant.mail import GraphMailer

        return GraphMailer(self._graph, self.settings.mail_sender)

    @cached_property
    def _watching(self) -> "Watching":
        from shared.onboarding.steps.watching import Watching

        return Watching(self._context, self._leases, (self._sign_ins, self._registrations), self._reminding)

    @cached_property
    def _reminding(self) -> "Reminding":
        from shared.handover.remind import Reminding

        return Reminding(self._mailer, self._context.brakes, self.settings.desk_mail)

    @cached_property
    def _preflight(self) -> "Preflight":
        from shared.onboarding.eligibility.preflight import Preflight, Tenant, Wanted

        wanted = Wanted(self.settings.pass_lifetime, self.settings.one_time)
        tenant = Tenant(self._directory, self._passes)
        return Preflight(tenant, self._recipients, self._rules, wanted, self._order)

    @cached_property
    def _recipients(self) -> "Recipients":
        from shared.onboarding.eligibility.recipients import Clocks, Named, Recipients
        from shared.onboarding.model import Route

        settings = self.settings
        contacts = {name: site.contact for name, site in settings.sites.items() if site.contact}
        clocks = Clocks(
            {name.casefold(): zone for name, zone in settings.collector_timezones.items()},
            {name: site.timezone for name, site in settings.sites.items()},
        )
        named = Named(contacts, settings.desk_mail, tuple(Route(name) for name in settings.collector_chain), clocks)
        return Recipients(self._directory, named, settings.number_attribute)

    @cached_property
    def _rules(self) -> "Rules":
        from shared.onboarding.eligibility.authority import Pilot, Rules

        settings = self.settings
        is_pilot = settings.pilot_group is not None or bool(settings.pilot_sites)
        return Rules(
            settings.number_attribute,
            timedelta(days=settings.account_max_age_days),
            settings.protected_groups,
            Pilot(settings.pilot_group, settings.pilot_sites) if is_pilot else None,
        )

    @cached_property
    def _order(self) -> "Order":
        from shared.onboarding.eligibility.order import Order

        return Order(self._registry, self.clock, tuple(self.settings.hr_sources))

    @cached_property
    def _context(self) -> "StepContext":
        from shared.onboarding.steps.waiting import Brakes, StepContext, Waiting

        settings = self.settings
        brakes = Brakes(settings.pause_issuing, settings.mode)
        waiting = Waiting(self._store, self._mailer, self.clock, brakes, settings.desk_mail)
        return StepContext(self._store, waiting, self.clock, brakes)


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
    return _services
