"""The HR event: an HR system posts it, signed; it is stored whole, then acknowledged as that system wants it."""

from collections.abc import Callable

import azure.functions as func

from functions.problems import answer, answered
from shared.services import Services
from shared.sources.request import Headers
from shared.sources.verdict import Answer

ROUTE = "api/hr/{source}"


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("hr_event")
    @blueprint.route(route=ROUTE, methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def hr_event(req: func.HttpRequest) -> func.HttpResponse:
        """Take one delivery."""
        return await answered(_take, req, services)

    @blueprint.function_name("hr_handshake")
    @blueprint.route(route=ROUTE, methods=["GET", "OPTIONS"], auth_level=func.AuthLevel.ANONYMOUS)
    async def hr_handshake(req: func.HttpRequest) -> func.HttpResponse:
        """Answer a handshake, or say whether there is such a source."""
        return await answered(_greet, req, services)

    return blueprint


async def _take(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    taken = await app.hr.door.take(_source(req), Headers(req.headers.items()), req.params, req.get_body())
    await app.sweeping.sweep.stand_in()
    return _response(taken)


async def _greet(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    return _response(app.hr.door.greet(_source(req), req.method, Headers(req.headers.items()), req.params))


def _source(req: func.HttpRequest) -> str:
    return str(req.route_params["source"])


def _response(made: Answer) -> func.HttpResponse:
    headers = dict(made.headers)
    if made.body is None or isinstance(made.body, str):
        return func.HttpResponse(made.body, status_code=made.status, mimetype="text/plain", headers=headers)
    return answer(made.body, made.status, headers)
