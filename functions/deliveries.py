"""What HR systems delivered lately, for a `Pass.Admin`: listed, shown masked, run again."""

from collections.abc import Callable

import azure.functions as func

from functions.callers import ADMIN, caller_with, person
from functions.problems import Problem, answer, answered
from shared.onboarding.deliveries.model import is_delivery_id
from shared.onboarding.errors import UnknownDeliveryError
from shared.services import Services

ANYONE = func.AuthLevel.ANONYMOUS
ROUTE = "api/hr/{source}/deliveries"
NO_STORE = {"Cache-Control": "no-store"}


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorways."""
    blueprint = func.Blueprint()

    @blueprint.function_name("delivery_list")
    @blueprint.route(route=ROUTE, methods=["GET"], auth_level=ANYONE)
    async def delivery_list(req: func.HttpRequest) -> func.HttpResponse:
        """List the deliveries of a source that are kept, the newest first."""
        return await answered(_list, req, services)

    @blueprint.function_name("delivery_show")
    @blueprint.route(route=f"{ROUTE}/{{id}}", methods=["GET"], auth_level=ANYONE)
    async def delivery_show(req: func.HttpRequest) -> func.HttpResponse:
        """Show one with every value masked."""
        return await answered(_show, req, services)

    @blueprint.function_name("delivery_replay")
    @blueprint.route(route=f"{ROUTE}/{{id}}/replay", methods=["POST"], auth_level=ANYONE)
    async def delivery_replay(req: func.HttpRequest) -> func.HttpResponse:
        """Run one again."""
        return await answered(_replay, req, services)

    return blueprint


async def _list(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    caller_with(req, app, ADMIN)
    return answer(await app.hr.replaying.page(_source(req), _before(req)), headers=NO_STORE)


async def _show(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    caller_with(req, app, ADMIN)
    return answer(await app.hr.replaying.show(_source(req), _id(req)), headers=NO_STORE)


async def _replay(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    admin = person(caller_with(req, app, ADMIN))
    return answer(await app.hr.replaying.run_again(_source(req), _id(req), admin.object_id))


def _source(req: func.HttpRequest) -> str:
    return str(req.route_params["source"])


def _id(req: func.HttpRequest) -> str:
    text = str(req.route_params["id"])
    if not is_delivery_id(text):
        raise UnknownDeliveryError
    return text


def _before(req: func.HttpRequest) -> str:
    before = str(req.params.get("before", ""))
    if before and not is_delivery_id(before):
        errors = [{"field": "before", "problem": "is not what the last page gave"}]
        raise Problem(400, "query", "The query is not as it should be", "Correct before.", errors=errors)
    return before
