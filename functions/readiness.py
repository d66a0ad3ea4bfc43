"""Is everything ready for the first mornings to come? The tenant check-up, for those with `Pass.Read`."""

from collections.abc import Callable

import azure.functions as func

from functions.callers import ADMIN, READ, caller_with
from functions.problems import answer, answered
from shared.checkup.writing import as_json
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("readiness")
    @blueprint.route(route="api/readiness", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def readiness(req: func.HttpRequest) -> func.HttpResponse:
        """Check up on the tenant; the answer is kept for five minutes."""
        return await answered(_report, req, services)

    return blueprint


async def _report(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    caller_with(req, app, READ, ADMIN)
    return answer(as_json(await app.checkup.readiness.report()), headers={"Cache-Control": "no-store"})
