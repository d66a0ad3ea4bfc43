"""The schedule: once a minute everything that is due is released, soonest deadline first."""

from collections.abc import Callable

import azure.functions as func

from shared.runtime.telemetry import port as telemetry
from shared.runtime.telemetry import vocabulary as says
from shared.services import Services

EVERY_MINUTE = "0 * * * * *"


def create_blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """Build the doorway."""
    blueprint = func.Blueprint()

    @blueprint.function_name("sweep")
    @blueprint.timer_trigger(arg_name="timer", schedule=EVERY_MINUTE, run_on_startup=False, use_monitor=True)
    async def sweep(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the binding's own name
        """Release what is due."""
        app = services()
        with telemetry.span("sweep", telemetry.Kind.INTERNAL, {says.FAAS_TRIGGER: says.Trigger.TIMER}):
            ahead = app.sweeping.crowds.ahead()
            coming = await app.sweeping.sweep.run(ahead)
            if ahead:
                await app.sweeping.crowds.look(coming)
            await app.sweeping.daily.run_if_due()
            await app.sweeping.digest.run_if_due()
            await app.hr.subscribing.run_if_due()
            # After it: what changes from now on is told by the link it has, what changed before is found by comparing.
            await app.hr.reconciling.run_if_due()
            await app.hr.reading.run()
            await app.hr.dropping.run_if_due()

    return blueprint
