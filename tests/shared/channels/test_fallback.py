"""A mail goes by the first channel that takes it, and always to the same mailbox."""

import pytest

from shared.channels.fallback import FirstThatTakes
from shared.channels.ports import ChannelRefusedError
from shared.tenant.errors import TenantError, TenantThrottledError, TenantUnavailableError
from shared.tenant.ports.mail import Mail

MAIL = Mail("mia@contoso.example", "s", "t", "h", "1abc")


class Channel:
    """Takes mails, or fails."""

    def __init__(self, failure: TenantError | None = None) -> None:
        self.failure = failure
        self.got: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        """Take one."""
        self.got.append(mail)
        if self.failure:
            raise self.failure


@pytest.mark.parametrize(
    "failure",
    [TenantThrottledError("", None), TenantUnavailableError(), ChannelRefusedError(400, "c", "d")],
    ids=lambda failure: type(failure).__name__,
)
async def test_the_next_channel_takes_what_one_does_not(failure: TenantError) -> None:
    """The same mail, to the letter; whoever comes after the one that took it is not asked."""
    broken, works, spare = Channel(failure), Channel(), Channel()
    await FirstThatTakes((broken, works, spare)).send(MAIL)
    assert (broken.got, works.got, spare.got) == ([MAIL], [MAIL], [])


async def test_where_none_takes_it_the_last_says_why() -> None:
    """Nothing is sent, and the step waits for that reason."""
    with pytest.raises(TenantThrottledError):
        await FirstThatTakes((Channel(TenantUnavailableError()), Channel(TenantThrottledError("", 3.0)))).send(MAIL)
