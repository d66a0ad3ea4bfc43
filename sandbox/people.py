"""What people and systems do in a sandbox: HR posts, managers open mails, hires stand before the lock screen.

Everything goes through the doorways: the app's HTTP routes, the tenant's controls. Nothing reads the app's memory.
"""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from sandbox.http import Answer, call
from sandbox.settings import HR_SOURCE
from sandbox.webhooks import sign
from sandbox.world import World

LINK = re.compile(r"(https?://[^\s\"<>]+/pass/([0-9a-f]{25})(?:\?lang=[a-z]{2})?)#([A-Za-z0-9_-]{43})")


CODE = re.compile(r"\b[BCDFGHJKMNPQRSTVWXZ]{4}-[BCDFGHJKMNPQRSTVWXZ]{4}\b")
"""A pick-up code as the manager's mail has it."""


@dataclass(frozen=True, slots=True)
class HireOfCompany:
    """A new hire as the seeded company knows him; `manager` is a user principal name, `device` a device id."""

    upn: str
    employee_id: str
    name: str
    site: str
    timezone: str
    department: str
    manager: str
    manager_mail: str
    device: str
    group: str

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> "HireOfCompany":
        """Read one entry of `hires` in the tenant's directory."""
        return cls(
            upn=entry["upn"],
            employee_id=entry["employeeId"],
            name=entry["name"],
            site=entry["site"],
            timezone=entry["timezone"],
            department=entry["department"],
            manager=entry["manager"]["upn"],
            manager_mail=entry["manager"]["mail"],
            device=entry["device"]["deviceId"],
            group=entry["deviceGroup"]["id"],
        )


@dataclass(frozen=True, slots=True)
class LinkInMail:
    """A link as it stands in a mail."""

    url: str
    onboarding: str
    key: str = field(repr=False)


@dataclass(slots=True)
class Company:
    """The people of one world, and what they do."""

    world: World

    def directory(self) -> dict[str, Any]:
        """Return the tenant's directory in a readable form."""
        return dict(self.world.control("GET", "directory").json())

    def hires(self) -> list[HireOfCompany]:
        """Return the seeded hires with whom everything is as it should be."""
        return [HireOfCompany.read(entry) for entry in self.directory()["hires"] if entry["clean"]]

    def change(self, **operation: Any) -> dict[str, Any]:
        """Change the directory by one operation of the tenant's control."""
        return dict(self.world.control("POST", "directory", operation).json())

    def event(self, hire: HireOfCompany, start: str, **changes: Any) -> dict[str, Any]:
        """Write a canonical event about a hire; `changes` go into its data, None takes a field away."""
        kind = changes.pop("kind", "hire.created")
        at = changes.pop("at", None) or self.world.now()
        data = {
            "externalId": hire.employee_id,
            "userName": hire.upn,
            "displayName": hire.name,
            "startDate": start,
            "site": hire.site,
            "department": hire.department,
            "manager": {"userName": hire.manager},
            **changes,
        }
        present = {name: value for name, value in data.items() if value is not None}
        return {"type": kind, "timestamp": at, "data": present}

    def post(self, event: Mapping[str, Any] | bytes, webhook_id: str | None = None, **more: Any) -> Answer:
        """Post an event as the HR system does, signed at the sandbox's time."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        sent_at = datetime.fromisoformat(self.world.now()) + more.pop("skew", timedelta(0))
        secret = more.pop("secret", self.world.vault.hr)
        headers = sign(secret, webhook_id or f"msg_{secrets.token_hex(8)}", sent_at, body)
        headers |= more.pop("headers", {})
        host = more.pop("host", self.world.app)
        return call("POST", f"{host}/api/hr/{more.pop('source', HR_SOURCE)}", body=body, headers=headers)

    def mails(self, to: str) -> list[dict[str, Any]]:
        """Return what somebody has got, oldest first; `to` is a mail address or a telephone number."""
        return list(self.world.control("GET", f"inbox?to={quote(to)}").json()["mails"])

    def link(self, to: str) -> LinkInMail | None:
        """Return the link in the newest mail that has one."""
        for mail in reversed(self.mails(to)):
            if found := LINK.search(mail["html"]):
                return LinkInMail(found[0], found[2], found[3])
        return None

    def code(self, to: str, hire: HireOfCompany) -> str:
        """Return the newest pick-up code for a hire in somebody's inbox; empty where there is none."""
        found = (CODE.search(mail["text"]) for mail in reversed(self.mails(to)) if hire.name in mail["subject"])
        return next((match[0] for match in found if match), "")

    def texted_code(self, number: str) -> str:
        """Return the newest pick-up code that was sent to a telephone; empty where there is none."""
        found = (CODE.search(text["text"]) for text in reversed(self.mails(number)))
        return next((match[0] for match in found if match), "")

    def token(self, user: str, *roles: str, app: bool = False) -> str:
        """Sign somebody in and return the token that App Service is shown."""
        body: dict[str, Any] = {"user": user, "app": app}
        if roles:
            body["roles"] = list(roles)
        return str(self.world.control("POST", "token", body).json()["token"])

    def ask(self, link: LinkInMail, question: str, token: str | None, **more: Any) -> Answer:
        """Ask the hand-over page's question, `state` or `reveal`, as the page does."""
        headers = self.world.of_the_page() | ({"Authorization": f"Bearer {token}"} if token else {})
        body = {"key": link.key, **more}
        return self.world.request("POST", f"/pass/{link.onboarding}/{question}", json_body=body, headers=headers)

    def claim(self) -> str:
        """Make a claim id as the page does."""
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()

    def sign_in(self, hire: HireOfCompany, code: str) -> dict[str, Any]:
        """Type the pass at the lock screen of the hire's device."""
        body = {"user": hire.upn, "pass": code, "device": hire.device}
        return dict(self.world.control("POST", "sign-in", body).json())

    def reboot(self, hire: HireOfCompany) -> None:
        """Restart the hire's device."""
        self.world.control("POST", f"devices/{hire.device}/reboot", {})

    def status(self, onboarding: str, token: str) -> dict[str, Any]:
        """Ask the status API about an onboarding."""
        answer = self.world.request("GET", f"/api/passes/{onboarding}", headers={"Authorization": f"Bearer {token}"})
        return dict(answer.json())
