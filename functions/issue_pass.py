"""The queue-triggered issuing: look, one POST to Microsoft Graph, sealed at once."""

from collections.abc import Callable

import azure.functions as func

from functions.hints import CONNECTION, worked
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("issue_pass")
    @blueprint.queue_trigger(arg_name="message", queue_name="issue-pass", connection=CONNECTION)
    async def issue_pass(message: func.QueueMessage) -> None:
        """Make the pass of this onboarding, if that is due."""
        app = services()
        await worked("issue-pass", message, app, app.steps.issuing.run)

    return blueprint
