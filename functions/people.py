"""Erasure: everything about a person, at once."""

from collections.abc import Callable

import azure.functions as func

from functions.callers import ADMIN, caller_with
from functions.problems import answer, answered
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("person_erase")
    @blueprint.route(route="api/people/{source}/{externalId}", methods=["DELETE"], auth_level=func.AuthLevel.ANONYMOUS)
    async def person_erase(req: func.HttpRequest) -> func.HttpResponse:
        """Erase a person's data, those of passes asked for by hand, too."""
        return await answered(_erase, req, services)

    return blueprint


async def _erase(req: func.HttpRequest, app: Services) -> func.HttpResponse:
    who = caller_with(req, app, ADMIN)
    source, external_id = str(req.route_params["source"]), str(req.route_params["externalId"])
    rows = await app.requests.erasing.request(source, external_id, who.object_id)
    return answer({"onboardings": [{"id": row.id, "status": row.status.value} for row in rows]}, status=202)
