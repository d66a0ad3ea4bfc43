"""The scope: the device group into the assignments of Intune's Web sign-in profile."""

from collections.abc import Callable

import azure.functions as func

from functions.hints import CONNECTION, worked
from shared.services import Services


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("scope_web_sign_in")
    @blueprint.queue_trigger(arg_name="message", queue_name="scope-web-sign-in", connection=CONNECTION)
    async def scope_web_sign_in(message: func.QueueMessage) -> None:
        """Do what is due for the device of this onboarding."""
        app = services()
        await worked("scope-web-sign-in", message, app, app.web_sign_in.device_side.run)

    return blueprint
