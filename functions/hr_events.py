"""The HR event: an HR system posts it, signed; it is stored whole, then acknowledged."""

from collections.abc import Callable

import azure.functions as func

from functions.problems import answer, answered
from shared.services import Services

ROUTE = "api/hr/{source}"


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("hr_event")
    @blueprint.route(route=ROUTE, methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def hr_event(req: func.HttpRequest) -> func.HttpResponse:
        """Take one event."""
        return await answered(_take, req, services)

    @blueprint.function_name("hr_handshake")
    @blueprint.route(route=ROUTE, methods=["GET", "OPTIONS"], auth_level=func.AuthLevel.ANONYMOUS)
    async def hr_handshake(req: func.HttpRequest) -> func.HttpResponse:
        """Say whether there is such a source; the standard kind needs no handshake."""
        return await answered(_greet, req, services)

    return blueprint


async def _take(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    delivery = app.receive(str(req.route_params["source"]), req.headers, req.get_body())
    outcome = await app.intake.take(delivery)
    await app.sweep.stand_in()
    return answer({"outcome": outcome}, status=202)


async def _greet(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    known = req.route_params["source"] in app.sources
    return func.HttpResponse(status_code=204 if known else 404, headers={"Allow": "POST, GET, OPTIONS"})
