"""Notice and link: the manager hears the working day before, and gets the link on the morning."""

from collections.abc import Callable

import azure.functions as func

from functions.hints import CONNECTION, worked
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("send_invite")
    @blueprint.queue_trigger(arg_name="message", queue_name="send-invite", connection=CONNECTION)
    async def send_invite(message: func.QueueMessage) -> None:
        """Do whichever of the two is due for this onboarding."""
        app = services()
        await worked("send-invite", message, app, app.steps.inviting.run)

    return blueprint
