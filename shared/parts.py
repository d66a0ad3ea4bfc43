"""What the services are built of: storage, the tenant, and the rules that settings make. Built lazily, each once."""
# ruff: noqa: PLC0415 - importing this must cost nothing, as `shared.services` says

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.runtime.clock import Clock

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from shared.channels.ports import Nudger, Texter
    from shared.checkup.coming import ComingHires
    from shared.checkup.gathering import Gathering
    from shared.checkup.itself import Itself
    from shared.handover.collecting.proof import Proof
    from shared.handover.sending.remind import Reminding
    from shared.onboarding.audit.census import Census
    from shared.onboarding.brakes.counting import Counting
    from shared.onboarding.deliveries.store import DeliveryStore
    from shared.onboarding.eligibility.authority import Rules
    from shared.onboarding.eligibility.order import Order
    from shared.onboarding.eligibility.preflight import Preflight
    from shared.onboarding.eligibility.recipients import Recipients
    from shared.onboarding.events.admission import Calendar
    from shared.onboarding.records.reading import Ways
    from shared.onboarding.records.store import RecordStore
    from shared.onboarding.records.told import Told
    from shared.onboarding.registry import Registry
    from shared.onboarding.steps.waiting import StepContext
    from shared.onboarding.steps.watching import Watching
    from shared.onboarding.store import Store
    from shared.onboarding.sweeping.digest import Digested
    from shared.onboarding.sweeping.health import HealthReport
    from shared.onboarding.sweeping.hints import Hints
    from shared.onboarding.sweeping.releasing import Releasing
    from shared.passes.budget import Budget
    from shared.runtime.containers import Containers
    from shared.runtime.leases import Cells, Leases
    from shared.runtime.seals import Seals
    from shared.runtime.settings import Settings
    from shared.runtime.storage import Queues, Tables
    from shared.tenant.autopilot import GraphAutopilot
    from shared.tenant.device_states import GraphDeviceStates
    from shared.tenant.devices import GraphDevices
    from shared.tenant.directory import GraphDirectory
    from shared.tenant.graph import GraphConnection
    from shared.tenant.groups import GraphGroups
    from shared.tenant.passes import GraphPasses
    from shared.tenant.ports.mail import Mailer
    from shared.tenant.profiles import GraphProfiles
    from shared.tenant.registrations import GraphRegistrationReport
    from shared.tenant.sign_ins import GraphSignInLog
    from shared.websignin.groups import DeviceGroups
    from shared.websignin.looking import Looking


@dataclass
class Parts:
    """Each part is built when it is first asked for, and kept; whoever builds services may put his own in its place."""

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
    def health(self) -> "HealthReport":
        """Reads what the sweep last saw."""
        from shared.onboarding.sweeping.health import HealthReport

        return HealthReport(self._cells, self.clock, tuple(self.settings.sources))

    @property
    def _reissue_window(self) -> timedelta:
        return timedelta(days=self.settings.reissue_days)

    @cached_property
    def credential(self) -> "AsyncTokenCredential":
        """Who asks storage and Microsoft Graph: the app's own identity."""
        from azure.identity.aio import ManagedIdentityCredential

        return ManagedIdentityCredential(client_id=self.settings.client_id)

    @cached_property
    def _tables(self) -> "Tables":
        from shared.runtime.storage import Tables

        return Tables(self.settings.table_service, self.credential)

    @cached_property
    def _queues(self) -> "Queues":
        from shared.runtime.storage import Queues

        return Queues(self.settings.queue_service, self.credential)

    @cached_property
    def _containers(self) -> "Containers":
        from shared.runtime.containers import Containers

        return Containers(self.settings.blob_service or "", self.credential)

    @cached_property
    def _store(self) -> "Store":
        from shared.onboarding.row_codes import RowCodes
        from shared.onboarding.schedule import Keep
        from shared.onboarding.store import Store

        settings = self.settings
        codes = RowCodes.under(settings.row_secrets, settings.unsigned_rows_until)
        spans = (settings.retention_days, settings.audit_days, settings.device_group_days)
        data, people, devices = (timedelta(days=days) for days in spans)
        keep = Keep(data, people, devices, frozenset(settings.tell_opened))
        return Store(self._tables.onboardings, codes, self.clock, keep)

    @cached_property
    def _census(self) -> "Census":
        from shared.onboarding.audit.census import Census

        return Census(self._tables.onboardings)

    @cached_property
    def _records(self) -> "RecordStore":
        from shared.onboarding.records.store import RecordStore

        return RecordStore(self._tables.people)

    @cached_property
    def _sources_told(self) -> "Told":
        from shared.onboarding.records.told import Told

        return Told(self._mailer, self._context.brakes, self.settings.desk_mail)

    @cached_property
    def _deliveries(self) -> "DeliveryStore":
        from shared.onboarding.deliveries.store import DeliveryStore

        return DeliveryStore(self._tables.people, self._seals)

    @cached_property
    def _seals(self) -> "Seals":
        from shared.runtime.seals import Seals

        return Seals.under(self.settings.row_secrets)

    @cached_property
    def _ways(self) -> "Ways":
        from shared.onboarding.records.logins import Logins
        from shared.onboarding.records.reading import Ways
        from shared.sources.http import HttpxClient
        from shared.tenant.hires import TenantHires

        logins = Logins(self._cells, self._leases, self._seals, self.clock)
        return Ways(HttpxClient(), TenantHires(self._graph), logins)

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
    def _counting(self) -> "Counting":
        from shared.onboarding.brakes.counting import Counting

        return Counting(self._cells, {name: source.limits.limits for name, source in self.settings.hr_sources.items()})

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

        return Hints(self._queues, self._store.due_times)

    @cached_property
    def _budget(self) -> "Budget":
        from shared.passes.budget import Budget

        return Budget(self._cells, self.clock, self.settings.pass_requests_per_10_seconds)

    @cached_property
    def _graph(self) -> "GraphConnection":
        from shared.tenant.graph import GraphConnection

        return GraphConnection(self.credential, self.settings.graph_base_url)

    @cached_property
    def _directory(self) -> "GraphDirectory":
        from shared.tenant.directory import GraphDirectory

        return GraphDirectory(self._graph, pim_for_groups=self.settings.pim_for_groups)

    @cached_property
    def _passes(self) -> "GraphPasses":
        from shared.tenant.passes import GraphPasses

        return GraphPasses(self._graph)

    @cached_property
    def _devices(self) -> "GraphDevices":
        from shared.tenant.devices import GraphDevices

        return GraphDevices(self._graph)

    @cached_property
    def _device_groups(self) -> "DeviceGroups":
        from shared.websignin.groups import DeviceGroups

        settings = self.settings
        by_site = {name: site.device_group for name, site in settings.sites.items() if site.device_group}
        return DeviceGroups(by_site, settings.department_device_groups, settings.device_group)

    @cached_property
    def _device_states(self) -> "GraphDeviceStates":
        from shared.tenant.device_states import GraphDeviceStates

        return GraphDeviceStates(self._graph)

    @cached_property
    def _autopilot(self) -> "GraphAutopilot":
        from shared.tenant.autopilot import GraphAutopilot

        return GraphAutopilot(self._graph)

    @cached_property
    def _looking(self) -> "Looking":
        from shared.runtime.settings import Strategy
        from shared.websignin.hire_devices import HireDevices
        from shared.websignin.learning import Learning
        from shared.websignin.looking import Looking

        learning = Learning(self._device_states, self._devices, self._profiles, self.settings.web_sign_in_profile)
        joins = self.settings.scope_strategy is Strategy.STEADY_GROUP
        hires = HireDevices(self._devices, self._autopilot)
        return Looking(self._context, hires, learning, self._device_groups, joins=joins)

    @cached_property
    def _groups(self) -> "GraphGroups":
        from shared.tenant.groups import GraphGroups

        return GraphGroups(self._graph)

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
    def _mailer(self) -> "Mailer":
        from shared.channels.fallback import FirstThatTakes

        channels = {"graph": self._exchange, "communication": self._communication_mail}
        return FirstThatTakes([channels[name]() for name in self.settings.mail_channels])

    def _exchange(self) -> "Mailer":
        from shared.tenant.mail import GraphMailer

        return GraphMailer(self._graph, self.settings.mail_sender)

    def _communication_mail(self) -> "Mailer":
        from shared.channels.communication_mail import CommunicationMailer

        settings = self.settings
        endpoint, sender = settings.communication_endpoint, settings.communication_mail_sender
        return CommunicationMailer(self.credential, endpoint or "", sender or "")

    @cached_property
    def _texter(self) -> "Texter":
        from shared.channels.communication_text import CommunicationTexter

        settings = self.settings
        endpoint, sender = settings.communication_endpoint, settings.communication_text_sender
        return CommunicationTexter(self.credential, endpoint or "", sender or "")

    @cached_property
    def _nudger(self) -> "Nudger | None":
        from shared.channels.teams import TeamsActivity

        app = self.settings.teams_app
        return TeamsActivity(self._graph, app) if app else None

    @cached_property
    def _gathering(self) -> "Gathering":
        from shared.checkup.gathering import App, Gathering, Tenant
        from shared.checkup.wishes import wishes
        from shared.runtime.settings import Mode
        from shared.tenant.grants import GraphGrants
        from shared.tenant.mailboxes import GraphMailboxes

        grants = GraphGrants(self._graph, self.settings.client_id)
        mailboxes = GraphMailboxes(self._graph) if self.settings.mode is Mode.LIVE else None
        tenant = Tenant(
            grants, self._passes, self._profiles, self._directory, self._sign_ins, self._groups, mailboxes=mailboxes
        )
        return Gathering(tenant, App(self._coming, self._itself), wishes(self.settings), self.clock)

    @cached_property
    def _itself(self) -> "Itself":
        from shared.checkup.itself import Itself, Storage

        storage = Storage(self._tables, self._queues)
        return Itself(self.health, storage, self.settings, self.environ, guarded=self.authentication_is_on)

    @cached_property
    def _coming(self) -> "ComingHires":
        from shared.checkup.coming import ComingHires, Tenant
        from shared.tenant.licences import GraphLicences

        tenant = Tenant(self._preflight, self._directory, GraphLicences(self._graph))
        return ComingHires(self._store, tenant, self.settings.number_attribute, self.clock)

    @cached_property
    def _digested(self) -> "tuple[Digested, ...]":
        """Who hears of the next starters; nobody where settings say never."""
        from datetime import time

        from shared.handover.mails.starters import Desk
        from shared.onboarding.sweeping.digest import Digested, desks_of
        from shared.planning.digest import Hours
        from shared.planning.workdays import MONDAY_TO_FRIDAY

        settings = self.settings
        if settings.digest_at == "never":
            return ()
        at = time.fromisoformat(settings.digest_at)
        hours = Hours(settings.default_timezone, lambda _: MONDAY_TO_FRIDAY, at)
        own = {
            name: Digested(Desk(site.desk_mail, site.timezone), Hours(site.timezone, site.work_week, at), None)
            for name, site in settings.sites.items()
            if site.desk_mail
        }
        return desks_of(Digested(Desk(settings.desk_mail, settings.default_timezone), hours, None), own)

    @cached_property
    def _watching(self) -> "Watching":
        from shared.onboarding.steps.standing import Standing
        from shared.onboarding.steps.watching import Learned, Watching

        learned = Learned(self._reminding, Standing(self._context, self._directory, self._rules))
        return Watching(self._context, self._leases, (self._sign_ins, self._registrations), learned)

    @cached_property
    def _reminding(self) -> "Reminding":
        from shared.handover.sending.remind import Reminding

        return Reminding(self._mailer, self._context.brakes, self.settings.desk_mail)

    @cached_property
    def _proof(self) -> "Proof":
        from shared.handover.collecting.proof import Proof

        return Proof(self._store, self.clock)

    @cached_property
    def _preflight(self) -> "Preflight":
        from shared.onboarding.eligibility.preflight import Preflight, Tenant, Wanted

        wanted = Wanted(self.settings.pass_lifetime, self.settings.one_time)
        tenant = Tenant(self._directory, self._passes)
        return Preflight(tenant, self._recipients, self._rules, wanted, self._order)

    @cached_property
    def _recipients(self) -> "Recipients":
        from shared.onboarding.eligibility.recipients import Clocks, Languages, Named, Recipients
        from shared.onboarding.model import Route

        settings = self.settings
        contacts = {name: site.contact for name, site in settings.sites.items() if site.contact}
        clocks = Clocks(
            {name.casefold(): zone for name, zone in settings.collector_timezones.items()},
            {name: site.timezone for name, site in settings.sites.items()},
        )
        chains = {name: site.collector_chain for name, site in settings.sites.items() if site.collector_chain}
        named = Named(
            contacts,
            settings.desk_mail,
            tuple(Route(name) for name in settings.collector_chain),
            clocks,
            {office: tuple(Route(name) for name in chain) for office, chain in chains.items()},
            Languages(
                {name: site.language for name, site in settings.sites.items() if site.language},
                settings.default_language,
            ),
        )
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
