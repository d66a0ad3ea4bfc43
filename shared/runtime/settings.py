"""All settings of the app, as one typed model.

Read lazily from the environment by `load_settings`, never at import: an app that cannot be configured must still
load, and then say what is missing. Every fault is reported at once, with what to do; no value is ever repeated in a
message, for a value may be a secret.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Json,
    PrivateAttr,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from shared.languages.language import Language
from shared.planning.plan import LinkLead
from shared.planning.start import known_zones
from shared.planning.workdays import WorkWeek
from shared.runtime.addresses import Address
from shared.runtime.channel_settings import Chain, ChannelSettings, MailAddress, channel_faults
from shared.runtime.errors import SettingsError
from shared.runtime.guids import Guid
from shared.runtime.news_settings import NewsSettings
from shared.runtime.places import check_place, work_week
from shared.runtime.row_keys import RowKeys, row_secrets
from shared.sources.configured import HrSource, SourceName, SourceSettingsError, containers_of, make_source
from shared.sources.kind import Source


class Mode(StrEnum):
    """`observe` plans and reports, and changes nothing in the tenant."""

    LIVE = "live"
    OBSERVE = "observe"


class Strategy(StrEnum):
    """How a hire's device comes into the scope of the Web sign-in profile.

    `assign-group`: its group is assigned, and others see to it that the device is in the group. `steady-group`: the
    group is assigned once, and this app has the device join it.
    """

    ASSIGN_GROUP = "assign-group"
    STEADY_GROUP = "steady-group"


class Weekday(IntEnum):
    """A day of the week, as `date.weekday` counts."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


def _known_zone(value: str) -> str:
    if value not in known_zones():
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return value


def _weekday(value: Any) -> Weekday:
    known = Weekday.__members__.get(value.upper()) if isinstance(value, str) else None
    if known is None:
        raise ValueError("must be the name of a weekday such as friday")
    return known


def _shown_as(form: str) -> WithJsonSchema:
    """Say in words what a value looks like, for the page that is made of this model."""
    return WithJsonSchema({"type": "string", "format": form})


Zone = Annotated[str, AfterValidator(_known_zone), _shown_as("IANA time zone")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$"), _shown_as("two letters, such as `DE`")]
DayOfWeek = Annotated[Weekday, BeforeValidator(_weekday), _shown_as("weekday, such as `friday`")]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$"), _shown_as("time of day, such as `08:30`")]
Attribute = Annotated[
    str,
    Field(pattern=r"^(employeeId|extensionAttribute([1-9]|1[0-5]))$"),
    _shown_as("`employeeId`, or `extensionAttribute1` to `15`"),
]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Site(_Strict):
    """A place of work, by the name that HR and Entra's office attribute use. Times are local to `timezone`.

    `contact`: user principal name of who collects where the manager cannot. `deskMail`: who hears each working day of
    the site's next starters and their devices, in place of DESK_MAIL. `collectorChain`: who collects there, in
    place of COLLECTOR_CHAIN; which office counts is Entra's word alone. `language`: in which people there are written
    to whose own is not known. `country` (ISO 3166-1 alpha-2) and `subdivision` tell the public holidays and the
    weekend; `holidays` are the company's own days off besides, and `weekend` names the weekdays where it is another
    than the country's.
    """

    timezone: Zone
    start_time: ClockTime | None = Field(default=None, alias="startTime")
    device_group: Guid | None = Field(default=None, alias="deviceGroup")
    contact: MailAddress | None = None
    desk_mail: MailAddress | None = Field(default=None, alias="deskMail")
    language: Language | None = None
    collector_chain: Chain | None = Field(default=None, alias="collectorChain")
    country: Country | None = None
    subdivision: str | None = None
    holidays: frozenset[date] = frozenset()
    weekend: frozenset[DayOfWeek] | None = Field(default=None, max_length=6)

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.country is not None:
            check_place(self.country, self.subdivision)
        elif self.subdivision is not None:
            raise ValueError("a subdivision needs its country beside it, such as DE")
        if self.contact is None and "contact" in (self.collector_chain or ()):
            raise ValueError("its collectorChain names the contact, and it has none: name one, or take it out")
        return self

    def work_week(self, year: int) -> WorkWeek:
        """Return the working days around a year."""
        return work_week(self.country, self.subdivision, year, self.holidays, self.weekend)


class HrSources(BaseModel):
    """The HR systems, apart from the other settings: their faults are found whatever is wrong with those."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    hr_sources: Json[dict[SourceName, HrSource]] = Field(
        default={}, alias="HR_SOURCES", description="The HR systems that may post events."
    )


class Collectors(BaseModel):
    """Where people work and who collects there, apart from the other settings as HR systems are."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sites: Json[dict[str, Site]] = Field(
        default={},
        alias="SITES",
        description="Places of work: zone, usual start time, working days, device group, contact, who collects.",
    )
    collector_chain: Json[Chain] = Field(
        default=("manager", "contact", "desk"),
        alias="COLLECTOR_CHAIN",
        description="Who collects after an HR event: the first of these who can. A site may have a chain of its own.",
    )

    @property
    def chains(self) -> tuple[tuple[str, Chain], ...]:
        """Every chain, with where it stands."""
        of_sites = ((f"SITES ({name})", site.collector_chain) for name, site in self.sites.items())
        return (("COLLECTOR_CHAIN", self.collector_chain), *((where, chain) for where, chain in of_sites if chain))


class Settings(HrSources, RowKeys, ChannelSettings, NewsSettings, Collectors):
    """Everything the app may be told. The alias of a field is the name of its setting."""

    tenant_id: Guid = Field(alias="TENANT_ID", description="The Entra tenant's id.")
    client_id: Guid = Field(
        alias="AZURE_CLIENT_ID", description="Client id of the app's user-assigned managed identity."
    )
    graph_base_url: Address = Field(
        default="https://graph.microsoft.com",
        alias="GRAPH_BASE_URL",
        description="Microsoft Graph of the cloud the tenant lives in.",
    )
    table_service: Address = Field(
        alias="STORAGE__tableServiceUri", description="Table endpoint of the data storage account."
    )
    queue_service: Address = Field(
        alias="STORAGE__queueServiceUri", description="Queue endpoint of the data storage account."
    )
    blob_service: Address | None = Field(
        default=None,
        alias="STORAGE__blobServiceUri",
        description="Blob endpoint of the data storage account, for sources of the kind `csv` that name a `container`.",
    )
    link_base_url: Address = Field(
        alias="LINK_BASE_URL",
        description="The address under which people reach this app; links begin with it.",
    )
    mail_sender: MailAddress = Field(alias="MAIL_SENDER", description="The mailbox that mails are sent from.")
    desk_mail: MailAddress = Field(alias="DESK_MAIL", description="The helpdesk's address, named in every mail.")
    default_timezone: Zone = Field(
        alias="DEFAULT_TIMEZONE", description="IANA zone of a start whose event and site name none."
    )
    default_language: Language = Field(
        default=Language.ENGLISH,
        alias="DEFAULT_LANGUAGE",
        description="In which language people are written to where neither they nor their office have one.",
    )
    collector_timezones: Json[dict[MailAddress, Zone]] = Field(
        default={},
        alias="COLLECTOR_TIMEZONES",
        description="IANA zones of those who collect, by user principal name, where their office in Entra is no site.",
    )
    device_group: Guid | None = Field(
        default=None,
        alias="DEVICE_GROUP",
        description="Object id of the device group for hires whose site and department name none.",
    )
    department_device_groups: Json[dict[str, Guid]] = Field(
        default={}, alias="DEPARTMENT_DEVICE_GROUPS", description="Device groups by department."
    )
    scope_strategy: Strategy = Field(
        default=Strategy.ASSIGN_GROUP,
        alias="SCOPE_STRATEGY",
        description="How devices come into scope: `steady-group` also has each hire's device join its group.",
    )
    device_preparation_group: Guid | None = Field(
        default=None,
        alias="DEVICE_PREPARATION_GROUP",
        description="With `steady-group`: group of the device-preparation policy, for devices that nobody names.",
    )
    device_group_days: int = Field(
        default=3,
        ge=0,
        le=30,
        alias="DEVICE_GROUP_DAYS",
        description="With `steady-group`: days after the first sign-in until the device leaves the group again.",
    )
    web_sign_in_profile: str = Field(
        default="Enable Web Sign-in",
        min_length=1,
        alias="WEB_SIGN_IN_PROFILE",
        description="Id or exact name of the Intune profile that enables Web sign-in.",
    )
    web_sign_in_companion: str = Field(
        default="",
        alias="WEB_SIGN_IN_COMPANION",
        description="Id or exact name of the Intune profile that keeps Web sign-in from staying everyone's default. The"
        " same groups are assigned to it. Empty: none is wanted.",
    )
    default_credential_provider: Literal["windows-hello", "password"] = Field(
        default="windows-hello",
        alias="DEFAULT_CREDENTIAL_PROVIDER",
        description="What a companion that the app makes puts first at the lock screen.",
    )
    make_profiles: bool = Field(
        default=False,
        alias="MAKE_PROFILES",
        description="Whether the app makes the profile for Web sign-in, and its companion, where Intune has none of the"
        " name.",
    )
    number_attribute: Attribute = Field(
        default="employeeId",
        alias="EMPLOYEE_NUMBER_ATTRIBUTE",
        description="The Entra attribute that must equal the employee number of an event.",
    )
    account_max_age_days: int = Field(
        default=60,
        ge=1,
        le=400,
        alias="ACCOUNT_MAX_AGE_DAYS",
        description="Days between an account's creation and the start; older accounts wait for a release.",
    )
    retention_days: int = Field(
        default=30,
        ge=1,
        le=365,
        alias="RETENTION_DAYS",
        description="Days after the end of an onboarding until names, addresses, numbers and start data are erased.",
    )
    audit_days: int = Field(
        default=365,
        ge=1,
        le=3650,
        alias="AUDIT_DAYS",
        description="Days after the end of an onboarding until nobody can tell any more who is who in its audit.",
    )
    protected_groups: Json[frozenset[Guid]] = Field(
        default=frozenset(),
        alias="PROTECTED_GROUPS",
        description="Object ids of groups whose members never get a pass from this app.",
    )
    pim_for_groups: bool = Field(
        default=False,
        alias="PIM_FOR_GROUPS",
        description="Whether a group that an account may activate by PIM for Groups counts as one it is in. Needs the"
        " permission of the feature `pim`.",
    )
    pilot_group: Guid | None = Field(
        default=None,
        alias="PILOT_GROUP",
        description="Object id of the group whose members are served while the pilot lasts.",
    )
    pilot_sites: Json[frozenset[str]] = Field(
        default=frozenset(),
        alias="PILOT_SITES",
        description="Offices, as Entra spells them, served while the pilot lasts. With neither setting, all are.",
    )
    pass_lifetime: int = Field(
        default=600, ge=60, le=43_200, alias="PASS_LIFETIME_MINUTES", description="Wished lifetime of a pass."
    )
    one_time: bool = Field(
        default=False,
        alias="PASS_ONE_TIME",
        description="Ask for one-time passes. A set-up with a reboot needs the pass twice.",
    )
    reissue_days: int = Field(
        default=3,
        ge=0,
        le=14,
        alias="REISSUE_DAYS",
        description="Days after the hours of a pass in which whoever collects may have it made anew.",
    )
    forwarded_entry: int = Field(
        default=1,
        ge=1,
        le=5,
        alias="FORWARDED_ENTRY",
        description="Which entry of X-Forwarded-For, from the right, is the sender's: one more for each own gateway.",
    )
    digest_at: ClockTime | Literal["never"] = Field(
        default="14:00",
        alias="DIGEST_AT",
        description="When a desk hears of the next starters and their devices: on working days, by its own clock.",
    )
    link_lead: LinkLead = Field(default=LinkLead.START_DAY, alias="LINK_LEAD", description="When the link is mailed.")
    pass_requests_per_10_seconds: int = Field(
        default=5,
        ge=1,
        le=200,
        alias="PASS_REQUESTS_PER_10_SECONDS",
        description="Microsoft's limit on authentication-method requests of one app in one tenant.",
    )
    pause_issuing: bool = Field(
        default=False,
        alias="PAUSE_ISSUING",
        description="Stops inviting and issuing; events are still taken.",
    )
    mode: Mode = Field(default=Mode.LIVE, alias="MODE", description="`observe` plans and reports, and makes nothing.")

    _sources: dict[str, Source[Any]] = PrivateAttr(default_factory=dict)
    _row_secrets: tuple[bytes, ...] = PrivateAttr(default=())

    @property
    def sources(self) -> Mapping[str, Source[Any]]:
        """The HR systems by name, ready to receive."""
        return self._sources

    @property
    def containers(self) -> Mapping[str, str]:
        """The blob containers in which HR systems may leave tables, by the names of these."""
        return containers_of(self._sources)

    @property
    def device_groups(self) -> Mapping[str, str]:
        """Every device group that is named, by who names it."""
        by_site = {f"site {name}": site.device_group for name, site in self.sites.items() if site.device_group}
        by_department = {f"department {name}": group for name, group in self.department_device_groups.items()}
        alone = {"DEVICE_GROUP": self.device_group}
        if self.scope_strategy is Strategy.STEADY_GROUP:
            alone["DEVICE_PREPARATION_GROUP"] = self.device_preparation_group
        return {**by_site, **by_department, **{name: group for name, group in alone.items() if group}}

    @property
    def row_secrets(self) -> tuple[bytes, ...]:
        """The secrets behind the authentication codes of rows, the newest first."""
        return self._row_secrets


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings, all of them.

    Raises:
        SettingsError: with every fault at once.
    """
    given = _given(environ)
    settings, faults = _validated(Settings, given)
    named, _ = _validated(HrSources, given)
    sources, wrong_sources = _sources(named.hr_sources if named else {}, given)
    keys, _ = _validated(RowKeys, given)
    secrets, wrong_secrets = row_secrets(keys.row_keys if keys else {}, given)
    missing = (*_missing_for_channels(given), *_container_faults(sources, given))
    if settings is None or wrong_sources or wrong_secrets or missing:
        raise SettingsError((*faults, *wrong_sources, *wrong_secrets, *missing))
    # Private attributes keep the secrets out of every dump and repr.
    settings._sources, settings._row_secrets = sources, secrets  # noqa: SLF001
    return settings


def load_without_secrets(environ: Mapping[str, str]) -> Settings:
    """Read the settings for a tool that works beside the app: what names a secret is read, and no secret is needed.

    Raises:
        SettingsError: with every fault at once.
    """
    given = _given(environ)
    settings, faults = _validated(Settings, given)
    missing = _missing_for_channels(given)
    if settings is None or missing:
        raise SettingsError((*faults, *missing))
    return settings


def load_row_keys(environ: Mapping[str, str]) -> tuple[tuple[bytes, ...], datetime | None]:
    """Read what rows are believed by, and no other setting: the secrets, and until when rows without a code are.

    Raises:
        SettingsError: with every fault at once.
    """
    given = _given(environ)
    keys, faults = _validated(RowKeys, given)
    secrets, wrong_secrets = row_secrets(keys.row_keys if keys else {}, given)
    if keys is None or wrong_secrets:
        raise SettingsError((*faults, *wrong_secrets))
    return secrets, keys.unsigned_rows_until


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if value.strip()}


def _validated[M: BaseModel](model: type[M], given: Mapping[str, str]) -> tuple[M | None, tuple[str, ...]]:
    try:
        return model.model_validate(given), ()
    except ValidationError as error:
        return None, tuple(_fault(problem["loc"], problem["type"], problem["msg"]) for problem in error.errors())


def _sources(
    wanted: Mapping[str, HrSource], given: Mapping[str, str]
) -> tuple[dict[str, Source[Any]], tuple[str, ...]]:
    sources: dict[str, Source[Any]] = {}
    faults: list[str] = []
    for name, source in wanted.items():
        try:
            sources[name] = make_source(name, source, given)
        except SourceSettingsError as error:
            faults.extend(f"{fault}." for fault in error.faults)
    return sources, tuple(faults)


def _missing_for_channels(given: Mapping[str, str]) -> tuple[str, ...]:
    collectors, _ = _validated(Collectors, given)
    return tuple(channel_faults(given, collectors.chains if collectors else ()))


def _container_faults(sources: Mapping[str, Source[Any]], given: Mapping[str, str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    faults: list[str] = []
    for name, container in containers_of(sources).items():
        if "STORAGE__blobServiceUri" not in given:
            faults.append(f"STORAGE__blobServiceUri: missing; {name} in HR_SOURCES names a container.")
        if (other := first.setdefault(container, name)) != name:
            faults.append(f"HR_SOURCES ({name} → options → container): is that of {other}, too; give each its own.")
    return tuple(faults)


def _fault(location: tuple[int | str, ...], kind: str, message: str) -> str:
    name, *path = [str(part) for part in location] or ["The settings"]
    where = f"{name} ({' → '.join(path)})" if path else name
    if kind == "missing" and not path:
        field = next(f for f in Settings.model_fields.values() if f.alias == name)
        return f"{name}: missing. {field.description}"
    return f"{where}: {message.removeprefix('Value error, ')}."
