"""The ad-hoc door and the status of every onboarding: request, look, resend, revoke, release, retry."""
# ruff: noqa: PLC0415 - the models are imported on first use; see functions.bodies

import re
from collections.abc import Callable
from typing import Any

import azure.functions as func

from functions.callers import ADMIN, READ, REQUEST, caller_with, person
from functions.problems import Problem, answer, answered
from shared.onboarding.collector import Route
from shared.onboarding.errors import UnknownOnboardingError
from shared.onboarding.ids import is_id
from shared.onboarding.model import Onboarding
from shared.onboarding.statuses import Status
from shared.services import Services

ANYONE = func.AuthLevel.ANONYMOUS
NO_STORE = {"Cache-Control": "no-store"}
LONGEST_USER = 254
PLACE = re.compile(r"[0-9a-f]{1,25}~?")
"""Where a page ended: at an id, or with all of a partition."""


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorways."""
    blueprint = func.Blueprint()

    @blueprint.function_name("pass_request")
    @blueprint.route(route="api/passes", methods=["POST"], auth_level=ANYONE)
    async def pass_request(req: func.HttpRequest) -> func.HttpResponse:
        """Ask for a pass, now or from a given start."""
        return await answered(_request, req, services)

    @blueprint.function_name("pass_list")
    @blueprint.route(route="api/passes", methods=["GET"], auth_level=ANYONE)
    async def pass_list(req: func.HttpRequest) -> func.HttpResponse:
        """List onboardings: all of one user, or page by page."""
        return await answered(_list, req, services)

    @blueprint.function_name("pass_status")
    @blueprint.route(route="api/passes/{id}", methods=["GET"], auth_level=ANYONE)
    async def pass_status(req: func.HttpRequest) -> func.HttpResponse:
        """Show one onboarding with its history; never a secret."""
        return await answered(_show, req, services)

    @blueprint.function_name("pass_revoke")
    @blueprint.route(route="api/passes/{id}", methods=["DELETE"], auth_level=ANYONE)
    async def pass_revoke(req: func.HttpRequest) -> func.HttpResponse:
        """Take a pass back."""
        return await answered(_revoke, req, services)

    @blueprint.function_name("pass_resend")
    @blueprint.route(route="api/passes/{id}/resend", methods=["POST"], auth_level=ANYONE)
    async def pass_resend(req: func.HttpRequest) -> func.HttpResponse:
        """Send a fresh link, and make a fresh pass if one was made."""
        return await answered(_resend, req, services)

    @blueprint.function_name("pass_confirm_all")
    @blueprint.route(route="api/passes/confirm", methods=["POST"], auth_level=ANYONE)
    async def pass_confirm_all(req: func.HttpRequest) -> func.HttpResponse:
        """Let go of all hires of one source that are held back for one reason."""
        return await answered(_confirm_all, req, services)

    @blueprint.function_name("pass_confirm")
    @blueprint.route(route="api/passes/{id}/confirm", methods=["POST"], auth_level=ANYONE)
    async def pass_confirm(req: func.HttpRequest) -> func.HttpResponse:
        """Release an onboarding that waits for a person."""
        return await answered(_confirm, req, services)

    @blueprint.function_name("pass_retry")
    @blueprint.route(route="api/passes/{id}/retry", methods=["POST"], auth_level=ANYONE)
    async def pass_retry(req: func.HttpRequest) -> func.HttpResponse:
        """Put an onboarding that waits or failed back to work."""
        return await answered(_retry, req, services)

    return blueprint


async def _request(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    from functions.bodies import read_pass_request

    who = caller_with(req, app, REQUEST)
    wanted, key = read_pass_request(req, app.here.clock.now())
    return _accepted(await app.requests.asking.request(wanted, key, who))


async def _list(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    caller_with(req, app, READ, ADMIN)
    return answer(await _listed(req, app), headers=NO_STORE)


async def _show(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    who = caller_with(req, app, READ, ADMIN)
    return answer(await app.requests.reports.read(_id(req), with_people=ADMIN in who.roles), headers=NO_STORE)


async def _revoke(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    who = caller_with(req, app, REQUEST, ADMIN)
    return _accepted(await app.requests.asking.revoke(_id(req), who))


async def _resend(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    from functions.bodies import read_resend

    who = caller_with(req, app, REQUEST)
    wanted = read_resend(req)
    route = Route(wanted.deliverTo) if wanted.deliverTo else None
    return _accepted(await app.requests.asking.resend(_id(req), route, wanted.replace, who))


async def _confirm(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    from functions.bodies import read_release

    admin = person(caller_with(req, app, ADMIN))
    return _accepted(await app.requests.desk.confirm(_id(req), admin, read_release(req).user))


async def _confirm_all(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    from functions.bodies import read_confirmation

    admin = person(caller_with(req, app, ADMIN))
    done = await app.requests.batches.confirm(read_confirmation(req, app.here.clock.now()), admin)
    released = [{"id": row.id, "status": row.status.value} for row in done.rows]
    return answer({"onboardings": released, "left": done.left}, status=202)


async def _retry(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    admin = caller_with(req, app, ADMIN)
    return _accepted(await app.requests.desk.retry(_id(req), admin))


def _accepted(row: Onboarding) -> func.HttpResponse:
    place = f"/api/passes/{row.id}"
    return answer({"id": row.id, "status": row.status.value}, status=202, headers={"Location": place})


async def _listed(req: func.HttpRequest, app: Services) -> dict[str, Any]:
    status = _status(req.params.get("status"))
    user, after = req.params.get("user"), req.params.get("after", "")
    if user is not None and not 0 < len(user) <= LONGEST_USER:
        raise _bad_query("user", "is no user principal name or object id")
    if after and not PLACE.fullmatch(after):
        raise _bad_query("after", "is not what the last page gave")
    page = await (app.requests.reports.of_user(user, status) if user else app.requests.reports.walk(status, after))
    return {"items": page.items, "after": page.after}


def _status(text: str | None) -> Status | None:
    try:
        return Status(text) if text is not None else None
    except ValueError:
        raise _bad_query("status", f"is none of {', '.join(Status)}") from None


def _bad_query(name: str, fault: str) -> Problem:
    errors = [{"field": name, "problem": fault}]
    return Problem(400, "query", "The query is not as it should be", f"Correct {name}.", errors=errors)


def _id(req: func.HttpRequest) -> str:
    text = str(req.route_params["id"])
    if not is_id(text):
        raise UnknownOnboardingError
    return text
