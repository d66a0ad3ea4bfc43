"""Offices in which somebody else than the manager collects, and what HR and Entra hold of those who start there."""

import json
from typing import Any

from sandbox.people import HireOfCompany
from sandbox.tenant.communication import TEXT_SENDER
from sandbox.tenant.seed import app_settings
from sandbox.world import World

STUDIO, FIELD, LOBBY, DEPOT = "Studio", "Field", "Lobby", "Depot"
CONTACT = "tomas.vesely@larkspur.example"
"""Whom settings name for these offices; to the hires of all others he is a colleague."""
_CHAINS = {
    STUDIO: ("hire+manager", "desk"),
    FIELD: ("hire+text", "desk"),
    LOBBY: ("contact", "desk"),
    DEPOT: ("desk",),
}


def settings(world: World) -> dict[str, str]:
    """Name these offices beside the company's own, and let texts go out to the stand-in of their service."""
    sites = json.loads(app_settings()["SITES"])
    for office, chain in _CHAINS.items():
        sites[office] = {"timezone": "Europe/Berlin", "collectorChain": chain, "contact": CONTACT}
    texts = {"COMMUNICATION_ENDPOINT": world.tenant, "COMMUNICATION_TEXT_SENDER": TEXT_SENDER}
    return {"SITES": json.dumps(sites), **texts}


def home(hire: HireOfCompany) -> str:
    """Return the private address of a hire."""
    return f"{hire.employee_id.casefold()}@home.example"


def mobile(hire: HireOfCompany) -> str:
    """Return the number of a hire's own telephone."""
    return f"+4915100000{hire.employee_id[-3:]}"


def known_of(hire: HireOfCompany, office: str) -> dict[str, Any]:
    """Return what Entra holds of a hire who starts in one of these offices."""
    return {"officeLocation": office, "otherMails": [home(hire)], "mobilePhone": mobile(hire)}


def told_of(hire: HireOfCompany, office: str) -> dict[str, Any]:
    """Return what HR says of him: the same."""
    emails = [{"type": "home", "value": home(hire)}]
    return {"site": office, "emails": emails, "phoneNumbers": [{"type": "mobile", "value": mobile(hire)}]}
