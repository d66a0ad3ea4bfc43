"""The HR event: an HR system posts it, signed; it is stored whole, then acknowledged."""

from collections.abc import Callable

import azure.functions as func

from functions.problems import Problem, answer, problem
from shared.services import Services
from shared.sources.delivery import Source

ROUTE = "api/hr/{source}"


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("hr_event")
    @blueprint.route(route=ROUTE, methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def hr_event(req: func.HttpRequest) -> func.HttpResponse:
        """Take one event."""
        try:
            app = services()
            outcome = await app.intake.take(app.receive(_source(req, app), req.headers, req.get_body()))
        except Exception as error:  # noqa: BLE001 - the edge: what is no answer is raised again
            return problem(error)
        return answer({"outcome": outcome}, status=202)

    @blueprint.function_name("hr_handshake")
    @blueprint.route(route=ROUTE, methods=["GET", "OPTIONS"], auth_level=func.AuthLevel.ANONYMOUS)
    async def hr_handshake(req: func.HttpRequest) -> func.HttpResponse:
        """Say whether there is such a source; the standard kind needs no handshake."""
        try:
            known = req.route_params["source"] in services().sources
        except Exception as error:  # noqa: BLE001 - the edge: what is no answer is raised again
            return problem(error)
        return func.HttpResponse(status_code=204 if known else 404, headers={"Allow": "POST, GET, OPTIONS"})

    return blueprint


def _source(req: func.HttpRequest, app: Services) -> Source:
    source = app.sources.get(str(req.route_params["source"]))
    if source is None:
        raise Problem(404, "unknown-source", "There is no such HR source", "Name it in HR_SOURCES.")
    return source
