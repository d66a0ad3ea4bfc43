"""The inbox: mails as their recipients see them. The mail itself is shown in a frame that runs no script."""

import re
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from textwrap import shorten
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.tenant import seed
from sandbox.tenant.faces.company import hints, is_manager, zone_of
from sandbox.tenant.faces.markup import Markup, fill, join
from sandbox.tenant.faces.shell import Face, respond
from sandbox.tenant.state import Json, ReceivedMail, same
from sandbox.tenant.tenant import Tenant

# `allow-same-origin` lets the page around the frame measure the mail; without `allow-scripts` nothing else follows.
_FACE = Face("Inbox", "inbox", ("live", "inbox"), "/inbox")
_FRAME = "allow-popups allow-popups-to-escape-sandbox allow-same-origin"
_MAIL_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
        f" frame-ancestors 'self'; sandbox {_FRAME}"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_NEW_TAB = '<base target="_blank">'

_PAGE = """<h1 class="away">Inbox</h1><div class="mailbox {depth}">
<aside class="boxes"><h2>Mailboxes</h2><ul>{boxes}</ul>
<details{open}><summary>All other mailboxes</summary><ul>{others}</ul></details></aside>
<section class="list" aria-label="Mails">{list}</section>
<section class="reading" aria-label="Mail">{reading}</section>
</div>"""
_BOX = """<li><a href="{path}"{here}><b>{name}</b><small>{hint}</small>{count}</a></li>"""
_COUNT = '<span class="count">{count}<span class="away"> mails</span></span>'
_LIST = """<p class="back"><a href="/inbox">All mailboxes</a></p><h2>{name}</h2><p class="quiet">{address}</p>
<ul>{mails}</ul>"""
_NO_MAILS = "<li class='none'>No mail yet. Move the <a href='/'>clock</a>, or post an event.</li>"
_CHOOSE_BOX = "<p class='none'>Choose a mailbox.</p>"
_CHOOSE_MAIL = "<p class='none'>Choose a mail.</p>"
_LINE = """<li><a href="{path}"{here}><b>{subject}</b><span>{start}</span><time>{at}</time></a></li>"""
_MAIL = """<p class="back"><a href="{box}">Back to the list</a></p>
<header><h2>{subject}</h2>
<p><span class="quiet">From</span> {sender}<br><span class="quiet">To</span> {to}<br>
<span class="quiet">Sent</span> {at} <span class="quiet">{zone}</span></p>
<p class="forms"><a href="{as_page}"{page_here}>As a page</a> <a href="{as_text}"{text_here}>As text</a></p></header>
{content}"""
_TEXT = "<pre>{text}</pre>"
_IFRAME = '<iframe title="{subject}" sandbox="{sandbox}" src="/inbox/{id}/body" referrerpolicy="no-referrer"></iframe>'
_HERE = Markup(' aria-current="true"')
_START = 90


@dataclass(frozen=True, slots=True)
class Inbox:
    """The handlers of the inbox."""

    tenant: Tenant

    def routes(self) -> list[web.RouteDef]:
        """List them as routes."""
        return [web.get("/inbox", self.show), web.get("/inbox/{id}/body", self.body)]

    async def show(self, request: web.Request) -> web.Response:
        """GET /inbox[?box=address][&mail=id][&as=text]."""
        box = request.query.get("box", "").lower()
        mails = [mail for mail in reversed(self.tenant.state.mails) if box in mail.to]
        mail = next((one for one in mails if one.id == request.query.get("mail")), None)
        main = fill(
            _PAGE,
            depth="at-mail" if mail else "at-list" if box else "at-boxes",
            **self._boxes(box),
            list=self._list(box, mails, mail) if box else Markup(_CHOOSE_BOX),
            reading=self._reading(box, mail, as_text=request.query.get("as") == "text")
            if mail
            else Markup(_CHOOSE_MAIL),
        )
        return respond(self.tenant, _FACE, main)

    async def body(self, request: web.Request) -> web.Response:
        """GET /inbox/{id}/body: the mail's own HTML, shut in, its links opening in a new tab."""
        mail = next((one for one in self.tenant.state.mails if one.id == request.match_info["id"]), None)
        if mail is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, text="there is no such mail", headers=_MAIL_HEADERS)
        head = _HEAD.search(mail.html)
        cut = head.end() if head else 0
        page = mail.html[:cut] + _NEW_TAB + mail.html[cut:]
        return web.Response(text=page, content_type="text/html", charset="utf-8", headers=_MAIL_HEADERS)

    def _boxes(self, box: str) -> dict[str, Markup]:
        """List the mailboxes with mail or of people who may get some; then, folded, all others."""
        state = self.tenant.state
        counts = Counter(address for mail in state.mails for address in mail.to)
        owners = {str(p["mail"]).lower(): p for p in state.users.values() if p["id"] in state.mailboxes and p["mail"]}
        expecting = {address for address, p in owners.items() if is_manager(state, p) or p["id"] in state.app_roles}
        expecting |= {seed.app_settings()["DESK_MAIL"], *counts}
        addresses = sorted({*owners, *counts}, key=lambda one: (not counts[one], one))
        folded = [one for one in addresses if one not in expecting]
        return {
            "boxes": join(self._box(one, owners.get(one), counts[one], box) for one in addresses if one in expecting),
            "others": join(self._box(one, owners.get(one), counts[one], box) for one in folded),
            "open": Markup(" open") if box in folded else Markup(""),
        }

    def _box(self, address: str, owner: Json | None, count: int, chosen: str) -> Markup:
        return fill(
            _BOX,
            path=_path(address),
            here=_HERE if address == chosen else Markup(""),
            name=owner["displayName"] if owner else address,
            hint=self._parts(owner) or address,
            count=fill(_COUNT, count=count) if count else Markup(""),
        )

    def _parts(self, owner: Json | None) -> str:
        return "; ".join(hints(self.tenant.state, owner)) if owner else ""

    def _list(self, box: str, mails: list[ReceivedMail], chosen: ReceivedMail | None) -> Markup:
        owner = self._owner(box)
        zone = ZoneInfo(zone_of(owner))
        lines = (
            fill(
                _LINE,
                path=_path(box, mail=mail.id),
                here=_HERE if mail is chosen else Markup(""),
                subject=mail.subject or "(no subject)",
                start=shorten(mail.text, _START, placeholder=" …"),
                at=f"{mail.at.astimezone(zone):%a %d %b, %H:%M}",
            )
            for mail in mails
        )
        return fill(
            _LIST,
            name=owner["displayName"] if owner else box,
            address=box,
            mails=join(lines) or Markup(_NO_MAILS),
        )

    def _reading(self, box: str, mail: ReceivedMail, *, as_text: bool) -> Markup:
        zone = zone_of(self._owner(box))
        text = as_text or not mail.html
        return fill(
            _MAIL,
            box=_path(box),
            subject=mail.subject or "(no subject)",
            sender=mail.sender,
            to=", ".join(mail.to),
            at=f"{mail.at.astimezone(ZoneInfo(zone)):%A %d %B %Y, %H:%M}",
            zone=zone,
            as_page=_path(box, mail=mail.id),
            as_text=_path(box, mail=mail.id, **{"as": "text"}),
            page_here=Markup("") if text else _HERE,
            text_here=_HERE if text else Markup(""),
            content=fill(_TEXT, text=mail.text)
            if text
            else fill(_IFRAME, subject=mail.subject, sandbox=_FRAME, id=mail.id),
        )

    def _owner(self, box: str) -> Json | None:
        return next((p for p in self.tenant.state.users.values() if same(p["mail"], box)), None)


def _path(box: str, **more: str) -> str:
    return f"/inbox?{urlencode({'box': box, **more})}"
