"""Is it alive? For anyone; what it is busy with, for those with `Pass.Read`."""

from collections.abc import Callable

import azure.functions as func

from functions.callers import ADMIN, READ, caller
from functions.problems import answer, answered
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("health")
    @blueprint.route(route="api/health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def health(req: func.HttpRequest) -> func.HttpResponse:
        """Report from the row that the sweep leaves behind."""
        return await answered(_report, req, services)

    return blueprint


async def _report(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    seen = await app.checkup.health.read()
    who = caller(req, app)
    may_read = who is not None and who.roles.intersection({READ, ADMIN})
    body = {"status": "alive" if seen.alive else "not-alive", **(seen.details if may_read else {})}
    return answer(body, status=200 if seen.alive else 503, headers={"Cache-Control": "no-store"})
