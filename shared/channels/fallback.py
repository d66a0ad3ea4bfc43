"""Several channels for the same mail, each where the one before it fails."""

import logging
from collections.abc import Sequence

from shared.tenant.errors import TenantError
from shared.tenant.ports.mail import Mail, Mailer

log = logging.getLogger("day_one_pass")


class FirstThatTakes:
    """The `Mailer` that hands a mail to the first channel that takes it.

    It is the same mail to the same mailbox whichever takes it, so no channel is less safe than the one before but by
    what settings chose. Where one gives no usable answer the mail may come twice, which harms nobody: what is in it is
    the same, too.
    """

    def __init__(self, channels: Sequence[Mailer]) -> None:
        """Take them in order, at least one."""
        *self._others, self._last = channels

    async def send(self, mail: Mail) -> None:
        """Send it by the first that takes it.

        Raises:
            TenantError: the last one's, where none did.
        """
        for channel in self._others:
            try:
                await channel.send(mail)
            except TenantError as error:
                log.warning(
                    "a channel did not take a mail: %s", type(error).__name__, extra={"onboarding": mail.reference}
                )
            else:
                return
        await self._last.send(mail)
