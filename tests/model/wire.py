"""What lies between the app and its storage and tenant: where a worker dies, and where answers fail."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from azure.core.exceptions import HttpResponseError, ServiceRequestError


class Died(BaseException):
    """The worker was killed here, which nothing in the app may catch. What it still tries fails in the same way."""


class Trouble(StrEnum):
    """How storage fails."""

    REFUSED = "refuses a write"
    LOST = "carries a write out, and answers 503"


@dataclass(slots=True)
class Wire:
    """Every write of the app goes by here, before and after it is carried out.

    `death_in`: after how many such moments the worker dies. `troubles`: what becomes of the next writes to storage;
    `trouble_at`: of the nth.
    """

    death_in: int | None = None
    dead: bool = False
    troubles: list[Trouble] = field(default_factory=list)
    passed: int = 0
    writes: int = 0
    trouble_at: tuple[int, Trouble] | None = None

    def mend(self) -> None:
        """Let nothing fail any more."""
        self.death_in = None
        self.troubles.clear()

    async def moment(self) -> None:
        """Let others run, and die if that is due."""
        await asyncio.sleep(0)
        self.passed += 1
        if self.death_in is not None:
            self.death_in -= 1
            if self.death_in <= 0:
                self.death_in, self.dead = None, True
        if self.dead:
            raise Died

    async def before_write(self) -> Trouble | None:
        """Pass by before a write to storage; return what is to become of it.

        Raises:
            ServiceRequestError: storage refuses it.
        """
        await self.moment()
        self.writes += 1
        trouble = self.troubles.pop(0) if self.troubles else None
        if self.trouble_at is not None and self.trouble_at[0] == self.writes:
            trouble = self.trouble_at[1]
        if trouble is Trouble.REFUSED:
            raise ServiceRequestError("refused")
        return trouble

    async def after_write(self, trouble: Trouble | None) -> None:
        """Pass by after it.

        Raises:
            HttpResponseError: the answer gets lost.
        """
        await self.moment()
        if trouble is Trouble.LOST:
            raise unanswered(503)


def unanswered(status: int) -> HttpResponseError:
    """Make the error that the SDKs raise for a status."""
    error = HttpResponseError(f"status {status}")
    error.status_code = status
    return error
