"""The composition root: the rooms of the product, put together, and the one set of them that the app works with.

Importing this module costs nothing and reads nothing: the app must load where not a single setting is present, and
then say which are missing. A caller may furnish rooms with parts of its own; deployed, nobody does.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.composition.channels import Channels
from shared.composition.checkup import Checkup
from shared.composition.eligibility import Eligibility
from shared.composition.ground import Ground
from shared.composition.hand_over import HandOver
from shared.composition.hr_systems import HrSystems
from shared.composition.requests import Requests
from shared.composition.steps import Steps
from shared.composition.storage import Storage
from shared.composition.surroundings import Surroundings
from shared.composition.sweeping import Sweeping
from shared.composition.tenant import Tenant
from shared.composition.web_sign_in import WebSignIn
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.telemetry import pipelines

AZURE_INSTANCE = "WEBSITE_INSTANCE_ID"
"""Azure sets it on every instance it runs."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the doorways call, by subject; `ground` is what all of it stands on."""

    here: Surroundings
    ground: Ground
    hr: HrSystems
    requests: Requests
    steps: Steps
    web_sign_in: WebSignIn
    hand_over: HandOver
    sweeping: Sweeping
    checkup: Checkup


def compose(environ: Mapping[str, str], clock: Clock) -> Services:
    """Put the rooms together. They are empty: no setting is read, and no part built, before it is asked for."""
    here = Surroundings(environ, clock)
    tenant = Tenant(here)
    ground = Ground(here, Storage(here), tenant, Channels(here, tenant))
    eligibility = Eligibility(ground)
    requests = Requests(ground, eligibility)
    return Services(
        here,
        ground,
        HrSystems(ground),
        requests,
        Steps(ground, eligibility, requests),
        WebSignIn(ground, eligibility),
        HandOver(ground),
        Sweeping(ground),
        Checkup(ground, eligibility),
    )


_clock: Clock = SystemClock()
_services: Services | None = None


def use_clock(clock: Clock) -> None:
    """Let everything built from now on read another clock. For a sandbox, before it loads the app.

    Raises:
        RuntimeError: the platform shows that this is Azure, where time is not a matter of opinion.
    """
    global _clock, _services
    if os.environ.get(AZURE_INSTANCE):
        raise RuntimeError("The clock cannot be set in Azure.")
    _clock, _services = clock, None


def get_services() -> Services:
    """Return the app's services, the same at every call."""
    global _services  # noqa: PLW0603 - built once, on first use
    if _services is None:
        _services = compose(os.environ, _clock)
        pipelines.begin(os.environ, _clock)
    return _services
