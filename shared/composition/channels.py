"""By what people are told: mails, texts, and Teams."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.surroundings import Surroundings
from shared.composition.tenant import Tenant

if TYPE_CHECKING:
    from shared.channels.ports import Nudger, Texter
    from shared.tenant.ports.mail import Mailer


@dataclass(frozen=True)
class Channels:
    """The channels that settings name."""

    here: Surroundings
    tenant: Tenant

    @cached_property
    def mailer(self) -> "Mailer":
        """Sends mails, by the first channel that takes them."""
        from shared.channels.fallback import FirstThatTakes

        channels = {"graph": self._exchange, "communication": self._communication_mail}
        return FirstThatTakes([channels[name]() for name in self.here.settings.mail_channels])

    def _exchange(self) -> "Mailer":
        from shared.tenant.mail import GraphMailer

        return GraphMailer(self.tenant.graph, self.here.settings.mail_sender)

    def _communication_mail(self) -> "Mailer":
        from shared.channels.communication_mail import CommunicationMailer

        settings = self.here.settings
        endpoint, sender = settings.communication_endpoint, settings.communication_mail_sender
        return CommunicationMailer(self.here.credential, endpoint or "", sender or "")

    @cached_property
    def texter(self) -> "Texter | None":
        """Sends texts; None where nothing is named to send them from."""
        from shared.channels.communication_text import CommunicationTexter

        settings = self.here.settings
        endpoint, sender = settings.communication_endpoint, settings.communication_text_sender
        return CommunicationTexter(self.here.credential, endpoint or "", sender) if sender else None

    @cached_property
    def nudger(self) -> "Nudger | None":
        """Tells people in Teams that a mail has come; None where no Teams app is named."""
        app = self.here.settings.teams_app
        if app is None:
            return None
        from shared.channels.teams import TeamsActivity

        return TeamsActivity(self.tenant.graph, app)
