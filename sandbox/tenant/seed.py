"""Larkspur Instruments: the company that every sandbox starts with, as data. `seeding` turns it into a state.

Ids never change (uuid5 of a key); dates are relative to the moment of the reset.
"""

import json
import uuid
from dataclasses import dataclass
from functools import cache

_NAMESPACE = uuid.UUID("5b7c1c0e-6f2c-4b0a-9c55-0b6a1d2f7e11")
DOMAIN = "larkspur.example"
FEDERATED_DOMAIN = "dunmore-optics.example"
YOUNG_DAYS = 60


@cache
def stable_id(kind: str, key: str) -> str:
    """Name an object of the seed: the same id in every sandbox."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{key}"))


TENANT_ID = stable_id("tenant", "larkspur")
APP_CLIENT_ID = stable_id("app", "day-one-pass")
APP_OBJECT_ID = stable_id("servicePrincipal", "day-one-pass")
PROFILE_ID = stable_id("profile", "web-sign-in")


def serial_of(key: str) -> str:
    """Name the serial number of a seeded device, by the key of its person."""
    return f"PF{stable_id('serial', key)[:6].upper()}"


@dataclass(frozen=True, slots=True)
class Site:
    """A place of work. `device_group` is the key of its own device group, if it has one."""

    name: str
    timezone: str
    country: str
    language: str
    device_group: str | None
    start_time: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users or devices. `members` are keys of people or groups; devices join by `Hire.group`.

    `owner` is the key of a service principal.
    """

    key: str
    name: str
    members: tuple[str, ...] = ()
    role_assignable: bool = False
    dynamic_rule: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A Windows device. `build` is the whole operating system version, `trust` Graph's trustType."""

    group: str | None = None
    build: str = "10.0.26100.4061"
    trust: str = "AzureAd"
    model: str = "Latitude 5450"
    enabled: bool = True
    online: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """An account. `age` is in days at the reset; `number` the employee number; `roles` are the app's own roles."""

    key: str
    name: str
    site: str
    department: str | None
    title: str
    manager: str | None = None
    number: str | None = None
    age: int = 1500
    mailbox: bool = True
    enabled: bool = True
    guest: bool = False
    domain: str = DOMAIN
    roles: tuple[str, ...] = ()
    device: Device | None = None
    clean: bool = False

    @property
    def upn(self) -> str:
        """Return the user principal name; a guest's carries the home address, as in Entra."""
        local = self.key.replace("-", ".")
        return f"{local}_partner.example#EXT#@{self.domain}" if self.guest else f"{local}@{self.domain}"

    @property
    def id(self) -> str:
        """Return the object id."""
        return stable_id("user", self.key)


# Joiners nothing is wrong with. Each: key, name, site, department, manager, employee number, device group
CLEAN_HIRES = (
    ("amelie-brandt", "Amélie Brandt", "Berlin", "Sales", "jana-hoffmann", 1001, "devices-berlin"),
    ("jonas-keller", "Jonas Keller", "Berlin", "Operations", "jana-hoffmann", 1002, "devices-berlin"),
    ("zofia-nowak", "Zofia Nowak", "Berlin", "Engineering", "tomas-vesely", 1003, "devices-berlin"),
    ("diego-ramirez", "Diego Ramírez", "Denver", "Sales", "renee-castillo", 1101, "devices-denver"),
    ("hannah-whitfield", "Hannah Whitfield", "Denver", "Operations", "renee-castillo", 1102, "devices-denver"),
    ("arjun-kulkarni", "Arjun Kulkarni", "Pune", "Engineering", "priya-deshmukh", 1201, "devices-engineering"),
    ("meera-joshi", "Meera Joshi", "Pune", "Engineering", "priya-deshmukh", 1202, "devices-engineering"),
    ("grace-nguyen", "Grace Nguyen", "Adelaide", "Operations", "liam-oconnor", 1301, "devices-new-starters"),
    ("oscar-whelan", "Oscar Whelan", "Adelaide", "Sales", "liam-oconnor", 1302, "devices-new-starters"),
    ("talia-leota", "Talia Leota", "Apia", "Sales", "sina-tuala", 1401, "devices-apia"),
    ("fetu-amosa", "Fetu Amosa", "Apia", "Operations", "sina-tuala", 1402, "devices-apia"),
)
_TITLES = {"Sales": "Account executive", "Engineering": "Engineer", "Operations": "Planner"}


def _hire(row: tuple[str, str, str, str, str, int, str]) -> Person:
    """Seed a joiner nothing is wrong with: young, numbered, with a manager and a ready device."""
    key, name, site, department, manager, digits, group = row
    return Person(
        key,
        name,
        site,
        department,
        _TITLES[department],
        manager,
        number=f"LK-{digits}",
        age=12,
        device=Device(group),
        clean=True,
    )


def _odd(key: str, name: str, digits: int, **but: object) -> Person:
    """Seed a joiner at Berlin who differs from a clean one in `but` alone."""
    usual: dict[str, object] = {
        "department": "Operations", "title": "Planner", "manager": "jana-hoffmann", "number": f"LK-{digits}", "age": 12,
        "device": Device("devices-berlin"),
    }  # fmt: skip
    return Person(key, name, "Berlin", **(usual | but))  # type: ignore[arg-type]  # a table of differences


SITES = (
    Site("Berlin", "Europe/Berlin", "DE", "en-GB", "devices-berlin"),
    Site("Denver", "America/Denver", "US", "en-US", "devices-denver", "08:00"),
    Site("Pune", "Asia/Kolkata", "IN", "en-IN", None, "09:30"),
    Site("Adelaide", "Australia/Adelaide", "AU", "en-AU", None),
    Site("Apia", "Pacific/Apia", "WS", "en-NZ", "devices-apia", "08:30"),
)

DEPARTMENT_GROUPS = {"Engineering": "devices-engineering", "Finance": "devices-finance"}
DEFAULT_DEVICE_GROUP = "devices-new-starters"
PROTECTED_GROUPS = ("service-accounts", "break-glass")

PEOPLE = (
    Person("ingrid-solheim", "Ingrid Solheim", "Berlin", "Executive", "Chief executive", None, "LK-0001", 4200),
    Person(
        "marcus-adeyemi",
        "Marcus Adeyemi",
        "Berlin",
        "Executive",
        "Chief financial officer",
        "ingrid-solheim",
        "LK-0002",
        3300,
        device=Device("devices-finance"),
    ),
    # Managers, one or two a site
    Person("jana-hoffmann", "Jana Hoffmann", "Berlin", "Operations", "Head of operations", "ingrid-solheim", "LK-0110"),
    Person("tomas-vesely", "Tomáš Veselý", "Berlin", "Engineering", "Lead engineer", "jana-hoffmann", "LK-0111"),
    Person("renee-castillo", "Renée Castillo", "Denver", "Sales", "Head of sales", "ingrid-solheim", "LK-0210"),
    Person(
        "priya-deshmukh", "Priya Deshmukh", "Pune", "Engineering", "Head of engineering", "ingrid-solheim", "LK-0310"
    ),
    Person("liam-oconnor", "Liam O'Connor", "Adelaide", "Operations", "Plant manager", "jana-hoffmann", "LK-0410"),
    Person("sina-tuala", "Sina Tuala", "Apia", "Sales", "Office manager", "renee-castillo", "LK-0510"),
    # The desk, and people who hold the app's roles
    Person("it-desk", "IT desk", "Berlin", "IT", "Shared mailbox", None, None),
    Person("day-one", "Day One Pass", "Berlin", "IT", "Shared mailbox", None, None),
    Person(
        "olu-bakare",
        "Olu Bakare",
        "Berlin",
        "IT",
        "Desk technician",
        "jana-hoffmann",
        "LK-0120",
        roles=("Pass.Request", "Pass.Read", "Pass.HandOver"),
    ),
    Person(
        "mei-tanaka",
        "Mei Tanaka",
        "Berlin",
        "IT",
        "Desk lead",
        "jana-hoffmann",
        "LK-0121",
        roles=("Pass.Admin", "Pass.Request", "Pass.Read"),
    ),
    Person(
        "noor-rahman",
        "Noor Rahman",
        "Berlin",
        "People",
        "HR partner",
        "ingrid-solheim",
        "LK-0122",
        roles=("Pass.Request",),
    ),
    *(_hire(row) for row in CLEAN_HIRES),
    # Hires with one thing wrong each
    _odd("nils-ohnesorge", "Nils Ohnesorge", 1901, manager=None),
    _odd("paula-stumm", "Paula Stumm", 1902, manager="viktor-postlos"),
    _odd("viktor-postlos", "Viktor Postlos", 1903, age=900, mailbox=False, title="Shift lead", device=None),
    _odd("edda-ehemals", "Edda Ehemals", 1904, manager="rolf-weg"),
    _odd("rolf-weg", "Rolf Weg", 1905, age=1100, enabled=False, title="Shift lead", device=None),
    _odd("hugo-hybrid", "Hugo Hybrid", 1906, device=Device("devices-berlin", trust="ServerAd")),
    _odd("anna-altbau", "Anna Altbau", 1907, device=Device("devices-berlin", build="10.0.22621.1702")),
    _odd("olaf-offline", "Olaf Offline", 1908, device=Device("devices-berlin", online=False)),
    _odd("karl-kiosk", "Karl Kiosk", 1909, device=Device("devices-kiosks")),
    _odd("gesa-gesperrt", "Gesa Gesperrt", 1910, enabled=False),
    _odd("lena-doppelt", "Lena Doppelt", 1911),
    _odd("lena-doppelt-2", "Lena Doppelt", 1911, device=None),
    _odd("finn-foederiert", "Finn Föderiert", 1912, domain=FEDERATED_DOMAIN),
    _odd("wanda-wieder", "Wanda Wieder", 1913, age=1250),
    _odd("pia-papierlos", "Pia Papierlos", 1914, number=None),
    _odd("ole-ohnegeraet", "Ole Ohnegerät", 1915, device=None),
    # Accounts a pass would be dangerous for: young enough, so that age alone does not save them
    _odd("dana-direkt", "Dana Direkt", 1921),
    _odd("greta-gruppe", "Greta Gruppe", 1922),
    _odd("emil-eligible", "Emil Eligible", 1923),
    _odd("ella-eligible-gruppe", "Ella Eligible", 1924),
    _odd("udo-einheit", "Udo Einheit", 1925),
    _odd("rita-rollengruppe", "Rita Rollengruppe", 1926),
    _odd("svc-payroll", "Service: payroll export", 1927, number=None, manager=None, mailbox=False, device=None),
    _odd("break-glass-1", "Emergency access 1", 1928, number=None, manager=None, mailbox=False, device=None),
    _odd("gus-gast", "Gus Gast", 1929, guest=True, mailbox=False, device=None),
)

GROUPS = (
    *(Group(f"devices-{s.name.lower()}", f"Devices – {s.name}") for s in SITES if s.device_group),
    Group("devices-engineering", "Devices – Engineering"),
    Group("devices-finance", "Devices – Finance"),
    Group("devices-new-starters", "Devices – New starters"),
    Group("devices-reception", "Devices – Reception"),
    Group("devices-meeting-rooms", "Devices – Meeting rooms"),
    Group("devices-kiosks", "Devices – Kiosks"),
    Group("devices-prepared", "Devices – Device preparation", owner="intune-provisioning-client"),
    Group("devices-all-windows", "Devices – All Windows", dynamic_rule='(device.deviceOSType -eq "Windows")'),
    Group("all-staff", "All staff", members=tuple(p.key for p in PEOPLE if not p.guest)),
    Group("desk-admins", "Desk administrators", ("greta-gruppe",), role_assignable=True),
    Group("it-operations", "IT operations", ("ella-eligible-gruppe",), role_assignable=True),
    Group("future-admins", "Future administrators", ("rita-rollengruppe",), role_assignable=True),
    Group("service-accounts", "Service accounts", ("batch-accounts",)),
    Group("batch-accounts", "Batch accounts", ("svc-payroll",)),
    Group("break-glass", "Emergency access", ("break-glass-1",)),
)

# Each: principal (person or group), role, scope
ACTIVE_ROLES = (
    ("mei-tanaka", "Authentication Administrator", "/"),
    ("dana-direkt", "User Administrator", "/"),
    ("desk-admins", "Helpdesk Administrator", "/"),
    ("udo-einheit", "User Administrator", f"/administrativeUnits/{stable_id('unit', 'apia')}"),
    ("break-glass-1", "Global Administrator", "/"),
)
ELIGIBLE_ROLES = (
    ("emil-eligible", "Intune Administrator", "/"),
    ("it-operations", "Cloud Device Administrator", "/"),
)

# The ids of Entra's built-in roles, the same in every tenant
ROLE_IDS = {
    "Global Administrator": "62e90394-69f5-4237-9190-012177145e10",
    "User Administrator": "fe930be7-5e62-47db-91af-98c3a49a38b1",
    "Helpdesk Administrator": "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    "Authentication Administrator": "c4e39bd9-1100-46d3-8c65-fb160da0071f",
    "Privileged Authentication Administrator": "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
    "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
    "Intune Administrator": "3a2c62db-5318-420d-8d74-23affee5d9d5",
    "Cloud Device Administrator": "7698a772-787b-4ac8-901f-60d6b08affd2",
    "Security Administrator": "194ae4cb-b126-40b2-bd5b-6091b380977d",
    "Directory Readers": "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
}

DOMAINS: dict[str, str | None] = {DOMAIN: None, FEDERATED_DOMAIN: "enforceMfaByFederatedIdp"}

# By name; what is not told is usual: for everybody, for everything, and a second factor is asked for
ACCESS_POLICIES: dict[str, dict[str, object]] = {
    "Second factor for everybody": {},
    "Administrators: nothing that can be phished": {
        "users": {"includeUsers": [], "includeRoles": ["62e90394-69f5-4237-9190-012177145e10"]},
        "strength": ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"],
    },
}

FILTERS = {
    stable_id("filter", "surface"): '(device.model -startsWith "Surface")',
    stable_id("filter", "hololens"): '(device.model -eq "HoloLens 2")',
}
# Each: type of the target, group, filter, type of the filter, source
ASSIGNMENTS = (
    ("groupAssignmentTarget", "devices-finance", None, "none", "direct"),
    ("groupAssignmentTarget", "devices-reception", "surface", "include", "direct"),
    ("groupAssignmentTarget", "devices-meeting-rooms", "hololens", "exclude", "policySets"),
    ("exclusionGroupAssignmentTarget", "devices-kiosks", None, "none", "direct"),
)

PASS_POLICY = {
    "state": "enabled",
    "minimumLifetimeInMinutes": 60,
    "maximumLifetimeInMinutes": 1440,
    "defaultLifetimeInMinutes": 60,
    "defaultLength": 12,
    "isUsableOnce": False,
}

# Exactly what the app needs: one more would hide a call nobody asked for
PERMISSIONS = frozenset({
    "AuditLog.Read.All",
    "Device.Read.All",
    "DeviceManagementConfiguration.ReadWrite.All",
    "DeviceManagementManagedDevices.Read.All",
    "GroupMember.Read.All",
    "Mail.Send",
    "Policy.Read.AuthenticationMethod",
    "RoleManagement.Read.Directory",
    "User.Read.All",
    "UserAuthMethod-TAP.ReadWrite.All",
})  # fmt: skip
# Of these Exchange grants by itself, for one mailbox: no token shows it, and Entra knows nothing of it
EXCHANGE = frozenset({"Mail.Send"})


def app_settings() -> dict[str, str]:
    """Settings that fit the app to this company, as environment variables would carry them."""
    sites = {
        site.name: {"timezone": site.timezone}
        | ({"startTime": site.start_time} if site.start_time else {})
        | ({"deviceGroup": stable_id("group", site.device_group)} if site.device_group else {})
        for site in SITES
    }
    return {
        "TENANT_ID": TENANT_ID,
        "AZURE_CLIENT_ID": APP_CLIENT_ID,
        "MAIL_SENDER": f"day.one@{DOMAIN}",
        "DESK_MAIL": f"it.desk@{DOMAIN}",
        "DEFAULT_TIMEZONE": "Europe/Berlin",
        "SITES": json.dumps(sites),
        "DEVICE_GROUP": stable_id("group", DEFAULT_DEVICE_GROUP),
        "DEPARTMENT_DEVICE_GROUPS": json.dumps({d: stable_id("group", g) for d, g in DEPARTMENT_GROUPS.items()}),
        "WEB_SIGN_IN_PROFILE": "Enable Web Sign-in",
        "PROTECTED_GROUPS": json.dumps([stable_id("group", key) for key in PROTECTED_GROUPS]),
    }
