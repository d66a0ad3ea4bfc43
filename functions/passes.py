"""The status of an onboarding, and what a Pass.Admin may do about one that waits."""

from collections.abc import Callable

import azure.functions as func

from functions.callers import ADMIN, READ, caller_with, person
from functions.problems import answer, problem
from shared.onboarding.errors import UnknownOnboardingError
from shared.onboarding.ids import is_id
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("pass_status")
    @blueprint.route(route="api/passes/{id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_status(req: func.HttpRequest) -> func.HttpResponse:
        """Show one onboarding with its history; never a secret."""
        try:
            app = services()
            caller_with(req, app, READ, ADMIN)
            return answer(await app.reports.read(_id(req)))
        except Exception as error:  # noqa: BLE001 - the edge: what is no answer is raised again
            return problem(error)

    @blueprint.function_name("pass_confirm")
    @blueprint.route(route="api/passes/{id}/confirm", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_confirm(req: func.HttpRequest) -> func.HttpResponse:
        """Release an onboarding that waits for a person."""
        try:
            app = services()
            admin = person(caller_with(req, app, ADMIN))
            return answer({"status": (await app.desk.confirm(_id(req), admin)).status.value}, status=202)
        except Exception as error:  # noqa: BLE001 - the edge: what is no answer is raised again
            return problem(error)

    @blueprint.function_name("pass_retry")
    @blueprint.route(route="api/passes/{id}/retry", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    async def pass_retry(req: func.HttpRequest) -> func.HttpResponse:
        """Put an onboarding that waits or failed back to work."""
        try:
            app = services()
            admin = caller_with(req, app, ADMIN)
            return answer({"status": (await app.desk.retry(_id(req), admin)).status.value}, status=202)
        except Exception as error:  # noqa: BLE001 - the edge: what is no answer is raised again
            return problem(error)

    return blueprint


def _id(req: func.HttpRequest) -> str:
    text = str(req.route_params["id"])
    if not is_id(text):
        raise UnknownOnboardingError
    return text
