"""Reading records: what each vendor's means, what its answers mean, and what settings must say of the way to it."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.hr.server import Fault, RecordApi
from sandbox.hr.shapes import COMPANY, CREDENTIALS, LISTS, Person
from shared.onboarding.records.logins import Logins
from shared.runtime.leases import Cells, Leases
from shared.runtime.seals import Seals
from shared.sources.configured import HrSource, SourceSettingsError, make_source
from shared.sources.http import HttpxClient
from shared.sources.kind import Source
from shared.sources.kinds import KINDS
from shared.sources.records import (
    AccessRefusedError,
    Listed,
    Record,
    RecordMissingError,
    SourceUnavailableError,
    UnreadRecordError,
    WantedApi,
)
from tests.model.storage import Table
from tests.model.wire import Wire

OPTIONS: dict[str, dict[str, str]] = {
    "gusto": {"companyId": COMPANY},
    "merge": {"linkedAccount": "account-1"},
    "personio": {"employeeNumber": "employee_id"},
}
SECRET = "dGhpcnR5LXR3byBieXRlcywgYXMgRmluY2ggbWFrZXM="  # also base64, as one of them wants it
PERSON = Person("10042", "Ada", "King", "2026-12-07", "ada.king@example.com", "Berlin")
RECORD = "rec-1"


class Signed:
    """Storage in memory, and a clock, for whoever signs in."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, 10, tzinfo=UTC)
        cells = Cells(Table(Wire()))  # type: ignore[arg-type] # as the product uses tables
        self.logins = Logins(cells, Leases(cells, self), Seals.under([bytes(range(32))]), self)

    def now(self) -> datetime:
        """Tell the time."""
        return self.at


@pytest.fixture(params=sorted(CREDENTIALS))
def api(request: pytest.FixtureRequest) -> Iterator[RecordApi]:
    """Give each vendor's API in turn, with one person."""
    with RecordApi(request.param) as running:
        running.people[RECORD] = PERSON
        yield running


@pytest.fixture
async def http() -> AsyncIterator[HttpxClient]:
    """Give the client that the product uses."""
    client = HttpxClient()
    yield client
    await client.aclose()


async def test_certificates_are_loaded_for_a_first_request_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that asks no HR system anything makes no client, and has none to close."""
    monkeypatch.setattr(httpx, "AsyncClient", None)
    await HttpxClient().aclose()


def source(api: RecordApi, **credentials: str) -> Source[Any]:
    """Build the source that reads there, with the right credentials but for those given."""
    held = {**CREDENTIALS[api.vendor], **credentials}
    given = {"S": SECRET, **{f"C_{name}": value for name, value in held.items()}}
    wanted = WantedApi(baseUrl=api.address, credentials={name: f"C_{name}" for name in held})
    options = OPTIONS.get(api.vendor, {})
    return make_source("hr", HrSource(kind=api.vendor, secrets={"a": "S"}, options=options, api=wanted), given)


async def read(api: RecordApi, http: HttpxClient, **credentials: str) -> Record:
    """Read the record as the product does."""
    records = KINDS[api.vendor].records
    assert records is not None
    return await records.read(await signed_in(api, http, **credentials), RECORD, http)


async def signed_in(api: RecordApi, http: HttpxClient, **credentials: str) -> Source[Any]:
    """Build the source and get the session that it needs, if it does, as the first that is ever got."""
    api.sessions = 0
    return await Signed().logins.signed_in(source(api, **credentials), http)


async def test_a_record_says_who_comes_and_when(api: RecordApi, http: HttpxClient) -> None:
    """Number, name, day and user name come out as the canonical event has them, whatever the vendor calls them."""
    found = await read(api, http)
    wanted = {"externalId": "10042", "displayName": "Ada King", "startDate": "2026-12-07"}
    assert {name: found.data[name] for name in wanted} == wanted
    assert found.data["userName"] == "ada.king@example.com"
    assert found.stands
    assert "Ada" not in repr(found)


async def test_a_record_of_somebody_who_was_called_off_says_so(api: RecordApi, http: HttpxClient) -> None:
    """It is still there, and does not stand."""
    api.people[RECORD] = Person("10042", "Ada", "King", "2026-12-07", called_off=True)
    assert not (await read(api, http)).stands


LISTING = sorted(vendor for vendor, _ in LISTS)


async def listed(api: RecordApi, http: HttpxClient) -> tuple[Listed, ...]:
    """List as the product does."""
    records = KINDS[api.vendor].records
    assert records is not None
    assert records.listing is not None
    return await records.listing(await signed_in(api, http), date(2026, 12, 1), http)


@pytest.mark.parametrize("vendor", LISTING)
async def test_a_list_names_records_and_first_days_of_all_who_stand(vendor: str, http: HttpxClient) -> None:
    """Whoever was called off, or has no day yet, is not in it."""
    with RecordApi(vendor) as api:
        api.people |= {
            RECORD: PERSON,
            "rec-2": replace(PERSON, start=""),
            "rec-3": replace(PERSON, called_off=True),
        }
        assert [one for one in await listed(api, http) if one.start_date >= "2026"] == [Listed(RECORD, "2026-12-07")]
        assert RECORD not in repr(await listed(api, http))


@pytest.mark.parametrize("vendor", LISTING)
@pytest.mark.parametrize("fault", [Fault(401), Fault(503), Fault(200), Fault(200, body=b'{"employees": {}}')])
async def test_a_list_that_is_none_is_a_fault_and_never_an_empty_one(
    vendor: str, fault: Fault, http: HttpxClient
) -> None:
    """From nobody in a list it would follow that all are gone."""
    with RecordApi(vendor) as api:
        api.fault = fault
        with pytest.raises(UnreadRecordError):
            await listed(api, http)


async def test_a_list_is_read_to_its_last_page_or_not_at_all(http: HttpxClient) -> None:
    """A cursor that never ends is no list."""
    with RecordApi("merge") as api:
        api.fault = Fault(200, body=json.dumps({"next": "again", "results": []}).encode())
        with pytest.raises(SourceUnavailableError, match="pages"):
            await listed(api, http)


async def test_a_session_is_kept_until_it_ends_and_its_refresh_token_is_used_once(http: HttpxClient) -> None:
    """Two instances share it; after two hours the token that followed is exchanged, not the vault's.

    A fresh token in the vault begins anew, after one that was lost has been told.
    """
    with RecordApi("gusto") as api:
        stage = Signed()
        for _ in range(2):
            found = await stage.logins.signed_in(source(api), http)
        assert found.api is not None
        assert api.sessions == 1
        assert "session" not in repr(found)
        stage.at += timedelta(hours=2)
        await stage.logins.signed_in(source(api), http)
        assert api.sessions == 2
        api.sessions = 7
        stage.at += timedelta(hours=2)
        with pytest.raises(AccessRefusedError, match="authorize the app anew"):
            await stage.logins.signed_in(source(api), http)
        await stage.logins.signed_in(source(api, refreshToken=api.refresh_token), http)
        assert api.sessions == 8
        api.fault = Fault(404)
        with pytest.raises(SourceUnavailableError):
            await Signed().logins.signed_in(source(api), http)


async def test_credentials_that_are_refused_say_so(api: RecordApi, http: HttpxClient) -> None:
    """And no part of them is in the text."""
    name = max(CREDENTIALS[api.vendor])
    with pytest.raises(AccessRefusedError) as refused:
        await read(api, http, **{name: "a-wrong-one"})
    assert "wrong" not in str(refused.value)


async def test_a_record_that_is_gone_is_missing(api: RecordApi, http: HttpxClient) -> None:
    """By the status, or by that of one answer in a batch."""
    api.people.clear()
    with pytest.raises(RecordMissingError):
        await read(api, http)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(403), AccessRefusedError),
        (Fault(410), RecordMissingError),
        (Fault(429, "120"), SourceUnavailableError),
        (Fault(503, "Wed, 21 Oct 2015 07:28:00 GMT"), SourceUnavailableError),
        (Fault(302), SourceUnavailableError),
        (Fault(500, body=b"<html>"), SourceUnavailableError),
        (Fault(200, body=b"<html>"), SourceUnavailableError),
        (Fault(200, body=b"[]"), SourceUnavailableError),
        (Fault(200, body=b'{"a": "' + b"x" * 2**20 + b'"}'), SourceUnavailableError),
    ],
    ids=lambda value: f"{value.status}-{len(value.body)}" if isinstance(value, Fault) else None,
)
async def test_what_an_answer_means(http: HttpxClient, fault: Fault, error: type[UnreadRecordError]) -> None:
    """One typed failure each; a pause that was asked for is told."""
    with RecordApi("hibob") as api:
        api.fault = fault
        with pytest.raises(error) as failed:
            await read(api, http)
    if isinstance(failed.value, SourceUnavailableError):
        assert failed.value.retry_after == {"120": 120.0, "": None}.get(fault.retry_after, 0.0)


async def test_no_answer_at_all_is_told_without_the_request(http: HttpxClient) -> None:
    """Nobody listens; the credentials are not in the text."""
    with RecordApi("hibob") as api:
        address = source(api)
    records = KINDS["hibob"].records
    assert records is not None
    with pytest.raises(SourceUnavailableError) as failed:
        await records.read(address, RECORD, http)
    assert "sandbox" not in str(failed.value)


async def test_a_record_of_any_shape_raises_nothing_but_the_typed_errors(http: HttpxClient, api: RecordApi) -> None:
    """What a vendor changes one day waits and is said, and takes nothing else down."""
    for odd in (None, 7, "x", [], {}, [None], {"value": {}}):
        for key in ("jobs", "_data", "responses", "/work/startDate", "start_date", "custom_attributes", "status"):
            api.fault = Fault(200, body=json.dumps({key: odd, "access_token": odd}).encode())
            try:
                await read(api, http)
            except UnreadRecordError:
                continue


def test_the_name_of_a_record_cannot_leave_its_place(api: RecordApi) -> None:
    """It comes from outside, and stands in an address."""
    way = source(api).api
    assert way is not None
    assert way.url("v1", "../../admin?x=1#y") == f"{api.address}/v1/..%2F..%2Fadmin%3Fx%3D1%23y"
    assert not any(secret in repr(way) for secret in CREDENTIALS[api.vendor].values())


@pytest.mark.parametrize(
    ("kind", "wanted", "said"),
    [
        ("hibob", None, "api): missing"),
        ("standard", {"credentials": {}}, "leave it out"),
        ("hibob", {"credentials": {"token": "C"}}, "must be serviceUserId, serviceUserToken"),
        ("finch", {"credentials": {"accessToken": "NOWHERE"}}, "NOWHERE: missing"),
        ("bamboohr", {"credentials": {"apiKey": "C"}}, "baseUrl): missing"),
    ],
)
def test_settings_that_lead_to_no_record_say_what_to_do(kind: str, wanted: dict[str, Any] | None, said: str) -> None:
    """When they are read, not when the first hire is."""
    asked = HrSource.model_validate({"kind": kind, "secrets": {"a": "S"}, "api": wanted})
    with pytest.raises(SourceSettingsError, match="HR_SOURCES") as refused:
        make_source("hr", asked, {"S": "whsec_" + "Ab1/" * 8, "C": "x"})
    assert said in str(refused.value)
