"""The API as OpenAPI 3.1, made from the models that validate and the problems that are answered."""

from collections.abc import Callable
from functools import cache

import azure.functions as func

from functions.api_operations import paths
from functions.api_schemas import Schema, schemas
from functions.problems import answer
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:  # noqa: ARG001 - like every doorway
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("openapi")
    @blueprint.route(route="api/openapi.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    async def openapi(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the same for everybody
        """Show the API's description."""
        return answer(document())

    return blueprint


@cache
def document() -> Schema:
    """Make the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Day One Pass",
            "version": "1",
            "description": "A new hire's first sign-in. No answer holds a pass but that of `/pass/{id}/reveal`.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths(),
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "entra": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A Microsoft Entra token for this app, checked by App Service authentication.",
                }
            },
        },
    }
