"""The page on which a person says who he is. No passwords in this sandbox, and no real company's mark."""

from collections.abc import Iterator

from aiohttp import web

from sandbox.tenant.faces.company import hints
from sandbox.tenant.faces.markup import Markup, fill, join
from sandbox.tenant.faces.shell import Face, respond
from sandbox.tenant.state import Json
from sandbox.tenant.tenant import Tenant

_FACE = Face("Sign in", "login", ("login",))
_PAGE = """<div class="card">
<p class="company"><img src="/_faces/icon.svg" alt="" width="24" height="24"> Larkspur Instruments</p>
<h1>Sandbox sign-in</h1>
<p>Who are you? No password is asked for: everybody here is invented.</p>
<form method="get" action="/login" role="search">{kept}
<label for="q">Search for a name, an address or a part</label>
<p class="search"><input id="q" name="q" type="search" value="{searched}" autocomplete="off" autofocus>
<button class="quiet">Search</button></p></form>
<ul class="people" id="people">{people}</ul>
<p class="none" id="none"{hide_none}>Nobody here fits that.</p>
</div>"""
_KEPT = '<input type="hidden" name="{name}" value="{value}">'
_LINE = """<li><a href="{path}"><span class="face" aria-hidden="true">{initials}</span>
<span class="who"><b>{name}</b><small>{upn}</small><small class="part">{part}</small></span></a></li>"""


def choose(tenant: Tenant, request: web.Request) -> web.Response:
    """Show everybody who may sign in; each links back here with `user`, all other parameters kept."""
    searched = request.query.get("q", "").strip()
    people = join(_line(tenant, request, person) for person in _found(tenant, searched))
    kept = join(
        fill(_KEPT, name=name, value=value) for name, value in request.query.items() if name not in {"q", "user"}
    )
    main = fill(
        _PAGE, kept=kept, searched=searched, people=people, hide_none=Markup("") if not people else Markup(" hidden")
    )
    return respond(tenant, _FACE, main)


def _found(tenant: Tenant, searched: str) -> Iterator[Json]:
    state = tenant.state
    people = sorted(
        (person for person in state.users.values() if person["accountEnabled"]),
        key=lambda p: (p["id"] not in state.app_roles, p["id"] not in state.managers.values(), p["displayName"]),
    )
    for person in people:
        text = " ".join((person["displayName"], person["userPrincipalName"], *hints(state, person)))
        if all(word in text.casefold() for word in searched.casefold().split()):
            yield person


def _line(tenant: Tenant, request: web.Request, person: Json) -> Markup:
    name = str(person["displayName"])
    kept = request.rel_url.without_query_params("q")
    return fill(
        _LINE,
        path=str(kept.update_query(user=person["userPrincipalName"])),
        initials="".join(word[0] for word in (name.split() or ["?"])[:2]).upper(),
        name=name,
        upn=person["userPrincipalName"],
        part=" · ".join(filter(None, (person["jobTitle"], *hints(tenant.state, person)))),
    )
