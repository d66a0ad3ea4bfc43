"""Users of the tenant as records of hires, for the source that is Entra itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from shared.sources.records import AccessRefusedError, Call, RecordMissingError, SourceUnavailableError
from shared.tenant.errors import (
    NotFoundInTenantError,
    PermissionMissingError,
    TenantError,
    TenantThrottledError,
    TokenRefusedError,
)
from shared.tenant.graph import GraphConnection

_USERS = "users/"
_SINCE = "users?since="


class TenantHires:
    """The way to records that reads `users/{object id}` and lists `users?since={day}` with the app's own identity."""

    def __init__(self, connection: GraphConnection) -> None:
        self._graph = connection

    async def send(self, call: Call) -> dict[str, Any]:
        """Return what Entra holds of a user.

        Raises:
            UnreadRecordError: there is no such user, or it could not be read.
        """
        user_id = call.url.removeprefix(_USERS)
        with _unread():
            return dict(await self._graph.read(self._graph.calls.people.hire(user_id)))

    async def send_for_list(self, call: Call) -> list[Any]:
        """Return id and hire date of all users whose hire date is a day or later; raises as `send`."""
        since = date.fromisoformat(call.url.removeprefix(_SINCE))
        with _unread():
            return list(await self._graph.read_all(self._graph.calls.people.hires_since(since)))


@contextmanager
def _unread() -> Iterator[None]:
    """Turn a failure of the tenant into why a record or a list was not read."""
    try:
        yield
    except (NotFoundInTenantError, ValueError):
        raise RecordMissingError("Entra has no such user") from None
    except PermissionMissingError as error:
        raise AccessRefusedError(f"the app lacks {error.permission}") from None
    except TokenRefusedError as error:
        raise AccessRefusedError(f"Microsoft Graph does not take the app's token: {error.detail}") from None
    except TenantThrottledError as error:
        raise SourceUnavailableError("Microsoft Graph asked for a pause", error.retry_after) from None
    except TenantError:
        raise SourceUnavailableError("Microsoft Graph gave no usable answer") from None
