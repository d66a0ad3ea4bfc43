"""Day One Pass on Azure Functions: the app, composed from its doorways, and nothing else."""

import azure.functions as func

from functions import (
    deliveries,
    hand_over,
    health,
    hr_events,
    issue_pass,
    openapi,
    pass_tables,
    passes,
    people,
    readiness,
    scope_web_sign_in,
    send_invite,
    sweep,
    tidy_up,
)
from shared.runtime.dumps import no_core_dumps
from shared.runtime.telemetry.logs import guard_logs, quiet_libraries
from shared.services import get_services

no_core_dumps()
quiet_libraries()
guard_logs()

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)

for doorway in (
    hr_events,
    deliveries,
    sweep,
    send_invite,
    issue_pass,
    scope_web_sign_in,
    hand_over,
    passes,
    pass_tables,
    people,
    tidy_up,
    health,
    readiness,
    openapi,
):
    app.register_functions(doorway.create_blueprint(get_services))
