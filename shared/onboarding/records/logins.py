"""Sessions at HR systems that give access for hours only, each got by a refresh token which is good once.

The token that follows has to outlive the app's instances, so it is kept: sealed, one row for each source. One instance
signs in at a time. Where one is cut off between the vendor's answer and that row, the token that follows is lost; the
source then refuses access, the desk is told, and a fresh one in the vault begins anew.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from shared.onboarding.ids import digest
from shared.runtime.clock import Clock
from shared.runtime.errors import UnsealableError
from shared.runtime.leases import Cells, Leases, LeaseTakenError
from shared.runtime.seals import Seals
from shared.sources.kind import Source
from shared.sources.records import Http, RecordMissingError, Renew, Session, SourceUnavailableError, way_to

KIND = "logins"
REFRESH, ACCESS = "refreshToken", "accessToken"
TAKES = timedelta(seconds=30)
EARLIER = timedelta(minutes=5)
"""So long before its end a session is taken for over."""
A_MOMENT = 5.0


@dataclass(frozen=True, slots=True)
class Login:
    """A session, and until when it holds. `began`: the hash of the vault's token with which this line of them began."""

    session: Session = field(repr=False)
    until: datetime
    began: str


@dataclass(frozen=True, slots=True)
class Logins:
    """Signs in."""

    cells: Cells
    leases: Leases
    seals: Seals
    clock: Clock

    async def signed_in(self, source: Source[Any], http: Http) -> Source[Any]:
        """Return a source by whose `api` records can be asked for now; one that needs no session, as it is.

        Raises:
            UnreadRecordError: there is no session to be had.
        """
        renew = source.kind.records.renew if source.kind.records is not None else None
        if renew is None:
            return source
        api = way_to(source.api)
        known = await self._known(source)
        login = known if self._holds(known) else await self._renewed(source, renew, http)
        if login is None:
            raise SourceUnavailableError("no session")
        held = {**api.credentials, ACCESS: login.session.access_token}
        return replace(source, api=replace(api, credentials=held))

    def _holds(self, login: Login | None) -> bool:
        return login is not None and self.clock.now() < login.until - EARLIER

    async def _renewed(self, source: Source[Any], renew: Renew, http: Http) -> Login | None:
        try:
            async with self.leases.held(KIND, source.name, TAKES):
                known = await self._known(source)
                if self._holds(known):
                    return known
                return await self._exchanged(source, known, renew, http)
        except LeaseTakenError:
            raise SourceUnavailableError("another instance signs in just now", A_MOMENT) from None

    async def _exchanged(self, source: Source[Any], known: Login | None, renew: Renew, http: Http) -> Login:
        given = way_to(source.api).credentials[REFRESH]
        try:
            session = await renew(source, known.session.refresh_token if known else given, http)
        except RecordMissingError as error:
            # Not of a record: nothing may be concluded about any person.
            raise SourceUnavailableError(f"where sessions are got: {error}") from None
        login = Login(session, self.clock.now() + timedelta(seconds=session.seconds), digest(given))
        await self.cells.put(f"{KIND}-kept", source.name, {"sealed": self.seals.seal(_written(login), source.name)})
        return login

    async def _known(self, source: Source[Any]) -> Login | None:
        """Return the newest session; None where there is none, or the vault's token has been changed since."""
        entity = await self.cells.read(f"{KIND}-kept", source.name)
        if entity is None:
            return None
        try:
            login = _read(self.seals.open(entity["sealed"], source.name))
        except UnsealableError:
            return None
        return login if login.began == digest(way_to(source.api).credentials[REFRESH]) else None


def _written(login: Login) -> bytes:
    session = login.session
    return json.dumps([session.access_token, session.refresh_token, login.until.isoformat(), login.began]).encode()


def _read(plain: bytes) -> Login:
    access, refresh, until, began = json.loads(plain)
    return Login(Session(access, refresh, 0.0), datetime.fromisoformat(until), began)
