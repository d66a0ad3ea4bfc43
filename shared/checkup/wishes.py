"""What settings say of the tenant, for the check-up."""

from shared.checkup.facts import Wishes
from shared.checkup.permissions import PIM
from shared.runtime.settings import Settings


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
        features=frozenset({PIM} if settings.pim_for_groups else ()),
    )
