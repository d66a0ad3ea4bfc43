"""The company as its visitors see it: who is coming, what is odd about them, and what hints at each person's part."""

from sandbox.tenant import seed
from sandbox.tenant.state import Json, TenantState

# What is wrong with each of the seeded hires who differ in one thing from a clean one
ODD = {
    "nils-ohnesorge": "has no manager in Entra",
    "paula-stumm": "manager without a mailbox",
    "edda-ehemals": "manager’s account is disabled",
    "hugo-hybrid": "device is hybrid joined",
    "anna-altbau": "Windows build too old",
    "olaf-offline": "device has no Internet",
    "karl-kiosk": "device group is excluded from the profile",
    "gesa-gesperrt": "account is disabled",
    "lena-doppelt": "shares an employee number",
    "lena-doppelt-2": "shares an employee number, no device",
    "finn-foederiert": "domain insists on its own identity provider",
    "wanda-wieder": "comes back to an old account",
    "pia-papierlos": "account without an employee number",
    "ole-ohnegeraet": "has no device",
    "dana-direkt": "holds an admin role",
    "greta-gruppe": "holds an admin role by a group",
    "emil-eligible": "is eligible for an admin role",
    "ella-eligible-gruppe": "is eligible by a group",
    "udo-einheit": "admin of one administrative unit",
    "rita-rollengruppe": "member of a role-assignable group",
    "svc-payroll": "a service account in a protected group",
    "break-glass-1": "an emergency account",
    "gus-gast": "a guest",
}
_SEEDED = {person.id: person for person in seed.PEOPLE}
_SITES = {site.name: site for site in seed.SITES}
_USUAL_ZONE = "Europe/Berlin"
_PARTS = {
    "Pass.Admin": "Administrator of the app",
    "Pass.HandOver": "Helpdesk",
    "Pass.Request": "May request passes",
}


def hires(state: TenantState, *, clean: bool) -> list[seed.Person]:
    """List the seeded hires who are still in the directory, with nothing wrong or with one thing."""
    return [p for p in seed.PEOPLE if p.id in state.users and (p.clean if clean else p.key in ODD)]


def zone_of(person: Json | None) -> str:
    """Return the IANA zone of somebody's office; the head office's where Entra names none we know."""
    site = _SITES.get(str((person or {}).get("officeLocation")))
    return site.timezone if site else _USUAL_ZONE


def locale_of(person: Json | None) -> str:
    """Return how a clock is written at somebody's office, in English."""
    site = _SITES.get(str((person or {}).get("officeLocation")))
    return site.language if site and site.language.startswith("en-") else "en-GB"


def owner_of(state: TenantState, device: Json) -> Json | None:
    """Return whose device it is in the seed; None for one that was added."""
    key = next((p for p in seed.PEOPLE if seed.stable_id("deviceObject", p.key) == device["id"]), None)
    return state.users.get(key.id) if key else None


def device_of(state: TenantState, person_id: str) -> Json | None:
    """Return the seeded device of a person."""
    person = _SEEDED.get(person_id)
    return state.devices.get(seed.stable_id("deviceObject", person.key)) if person else None


def is_manager(state: TenantState, person: Json) -> bool:
    """Tell whether Entra names somebody as the manager of a hire who is coming."""
    return any(state.managers.get(hire.id) == person["id"] for hire in hires(state, clean=True))


def hints(state: TenantState, person: Json) -> list[str]:
    """Say in a few words what part somebody plays: whose manager, desk, administrator, new hire."""
    said = []
    app_roles = state.app_roles.get(person["id"], [])
    part = next((words for role, words in _PARTS.items() if role in app_roles), None)
    if part:
        said.append(part)
    roles = sorted({grant.role for grant in state.active_roles if grant.principal_id == person["id"]})
    said += roles
    said += _manages(state, person["id"])
    seeded = _SEEDED.get(person["id"])
    if seeded and seeded.clean:
        said.append("New hire")
    elif seeded and seeded.key in ODD:
        said.append(f"Odd one: {ODD[seeded.key]}")
    return said


def _manages(state: TenantState, manager_id: str) -> list[str]:
    below = [i for i, above in state.managers.items() if above == manager_id and i in state.users]
    coming = [str(state.users[i]["displayName"]) for i in below if i in _SEEDED and _SEEDED[i].clean]
    if coming:
        return [f"Manager of {', '.join(coming)}"]
    return [f"Manager of {len(below)}"] if below else []
