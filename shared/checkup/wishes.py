"""What settings say of the tenant, for the check-up."""

from collections.abc import Iterator

from shared.checkup.facts import Wishes
from shared.checkup.permissions import AUTOPILOT, PIM, STEADY_GROUP, TEAMS
from shared.runtime.settings.model import Settings
from shared.websignin.strategy import Strategy


def wishes(settings: Settings) -> Wishes:
    """Return it."""
    return Wishes(
        client_id=settings.client_id,
        lifetime=settings.pass_lifetime,
        one_time=settings.one_time,
        profile=settings.web_sign_in_profile,
        companion=settings.web_sign_in_companion,
        provider=settings.default_credential_provider,
        device_groups=settings.device_groups,
        number_attribute=settings.number_attribute,
        others_collect=settings.collector_chain != ("manager",),
        sender=settings.mail_sender,
        desk=settings.desk_mail,
        features=frozenset(_features(settings)),
    )


def _features(settings: Settings) -> Iterator[str]:
    if settings.pim_for_groups:
        yield PIM
    if settings.scope_strategy is Strategy.STEADY_GROUP:
        yield AUTOPILOT
        yield STEADY_GROUP
    if settings.teams_app is not None:
        yield TEAMS
