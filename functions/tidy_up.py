"""What is left to do: revoke, expire, forget, learn of the use, erase."""

from collections.abc import Callable

import azure.functions as func

from functions.hints import CONNECTION, worked
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("tidy_up")
    @blueprint.queue_trigger(arg_name="message", queue_name="tidy-up", connection=CONNECTION)
    async def tidy_up(message: func.QueueMessage) -> None:
        """Do whichever of them is due for this onboarding."""
        app = services()
        await worked("tidy-up", message, app, app.steps.tidying.run)

    return blueprint
