"""All settings of the app, as one typed model."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Json, PrivateAttr

from shared.languages.language import Language
from shared.planning.plan import LinkLead
from shared.runtime.addresses import Address
from shared.runtime.guids import Guid
from shared.runtime.mode import Mode
from shared.runtime.settings.channels import ChannelSettings, MailAddress
from shared.runtime.settings.news import NewsSettings
from shared.runtime.settings.row_keys import RowKeys
from shared.runtime.settings.sites import Collectors
from shared.runtime.settings.values import Attribute, ClockTime, Zone
from shared.sources.configured import HrSource, SourceName, containers_of
from shared.sources.kind import Source
from shared.websignin.strategy import Strategy


class HrSources(BaseModel):
    """The HR systems, apart from the other settings: their faults are found whatever is wrong with those."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    hr_sources: Json[dict[SourceName, HrSource]] = Field(
        default={}, alias="HR_SOURCES", description="The HR systems that may post events."
    )


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
