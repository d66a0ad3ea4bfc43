"""What the SDK raises, said in the product's own terms."""

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError
from kiota_abstractions.api_error import APIError

from shared.onboarding.reasons import Reason
from shared.onboarding.steps.waiting import reason_of
from shared.sources.records import AccessRefusedError, Call
from shared.tenant.directory import GraphDirectory
from shared.tenant.errors import (
    ApprovalNeededError,
    LicenceMissingError,
    NotFoundInTenantError,
    PermissionMissingError,
    TenantRefusedError,
    TenantThrottledError,
    TenantUnavailableError,
    TokenRefusedError,
)
from shared.tenant.failures import translate
from shared.tenant.graph import GraphConnection
from shared.tenant.hires import TenantHires
from tests.shared.tenant.stand_in import Answer, FakeGraph, StubCredential, refusal

USER = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (APIError(response_status_code=429), TenantThrottledError),
        (APIError(response_status_code=500), TenantUnavailableError),
        (APIError(response_status_code=408), TenantUnavailableError),
        (APIError(), TenantUnavailableError),
        (APIError(response_status_code=401), TokenRefusedError),
        (APIError(response_status_code=403), PermissionMissingError),
        (APIError(response_status_code=404), NotFoundInTenantError),
        (APIError(response_status_code=400), TenantRefusedError),
        (APIError(response_status_code=409), TenantRefusedError),
        (httpx.ConnectError("x"), TenantUnavailableError),
        (httpx.RemoteProtocolError("x"), TenantUnavailableError),
        (httpx.ReadTimeout("x"), TenantUnavailableError),
        (TimeoutError(), TenantUnavailableError),
        (ValueError("x"), TenantUnavailableError),
        (ClientAuthenticationError("x"), TokenRefusedError),
        (CredentialUnavailableError("x"), TenantUnavailableError),
        (ServiceRequestError("x"), TenantUnavailableError),
    ],
)
def test_each_error_has_one_meaning(error: Exception, meaning: type[Exception]) -> None:
    """Without a body the status decides; without an answer nothing is known."""
    assert type(translate(error, "User.Read.All")) is meaning


def test_an_error_that_quotes_an_answer_is_told_by_its_kind_alone() -> None:
    """The text of a parser's error may hold a pass."""
    for kind in (ValueError, httpx.DecodingError, ServiceRequestError, ClientAuthenticationError):
        error = translate(kind("Zx7-kQ9wLp"), "User.Read.All")
        assert "Zx7" not in repr(error) + repr(vars(error))


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (400, "AadPremiumLicenseRequired", LicenceMissingError),
        (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", LicenceMissingError),
        (401, "InvalidAuthenticationToken", TokenRefusedError),
        (403, "Authorization_RequestDenied", PermissionMissingError),
        (403, "ApprovalRequired", ApprovalNeededError),
        (400, "ApprovalRequired", ApprovalNeededError),
        (404, "Request_ResourceNotFound", NotFoundInTenantError),
    ],
)
async def test_graphs_codes_decide_between_refusals(
    connection: GraphConnection, fake: FakeGraph, status: int, code: str, meaning: type[Exception]
) -> None:
    """A missing licence, a wanted approval, a token not taken and a missing permission need different people."""
    fake.on("GET", ".*", refusal(status, code, "words"))
    with pytest.raises(TenantRefusedError) as raised:
        await connection.read_once(connection.calls.passes.policy())
    assert type(raised.value) is meaning
    assert (raised.value.status, raised.value.code) == (status, code)


async def test_an_error_without_a_usable_body_keeps_its_status(connection: GraphConnection, fake: FakeGraph) -> None:
    """A gateway's HTML page, an empty body, a body of another shape."""
    for body, kind in (("<html>no</html>", "text/html"), (None, ""), ({"message": "x"}, ""), ({"error": None}, "")):
        headers = {"Content-Type": kind} if kind else {}
        fake.on("GET", ".*", Answer(400, body, headers))
        with pytest.raises(TenantRefusedError) as raised:
            await connection.read_once(connection.calls.passes.policy())
        assert (raised.value.status, raised.value.code) == (400, "unknown")


async def test_without_a_token_nothing_is_asked(
    connection: GraphConnection, fake: FakeGraph, credential: StubCredential
) -> None:
    """An identity that is not assigned is a matter of set-up; one that cannot be reached passes."""
    credential.error = ClientAuthenticationError("identity not found, secret=abc")
    with pytest.raises(TokenRefusedError, match="AZURE_CLIENT_ID") as raised:
        await GraphDirectory(connection).account(USER)
    assert "secret" not in repr(raised.value)
    credential.error = CredentialUnavailableError("connection refused")
    with pytest.raises(TenantUnavailableError):
        await GraphDirectory(connection).account(USER)
    assert fake.asked == []


async def test_who_is_told_of_a_token_that_is_not_taken_is_not_sent_to_grant_a_permission(
    connection: GraphConnection, fake: FakeGraph
) -> None:
    """The hire and the source that wait for it say what Graph says; a permission is named where one is missing."""
    asked = Call(f"users/{USER}")
    expired = "Lifetime validation failed, the token is expired."
    fake.on("GET", ".*", refusal(401, "InvalidAuthenticationToken", expired))
    with pytest.raises(TokenRefusedError) as raised:
        await GraphDirectory(connection).account(USER)
    assert reason_of(raised.value) == (Reason.TENANT_REFUSED, f"InvalidAuthenticationToken: {expired}")
    with pytest.raises(AccessRefusedError, match="the token is expired"):
        await TenantHires(connection).send(asked)
    fake.on("GET", ".*", refusal(403, "Authorization_RequestDenied", "no"))
    with pytest.raises(AccessRefusedError, match=r"lacks User\.Read\.All"):
        await TenantHires(connection).send(asked)
    with pytest.raises(AccessRefusedError, match=r"lacks User\.Read\.All"):
        await TenantHires(connection).send_for_list(Call("users?since=2030-06-03"))


async def test_the_token_is_asked_for_graphs_own_address(
    connection: GraphConnection, fake: FakeGraph, credential: StubCredential
) -> None:
    """The audience follows the address in settings, so that a stand-in's token is worth nothing at Graph."""
    await GraphDirectory(connection).account(USER)
    assert credential.scopes == [(f"{fake.url}/.default",)]


async def test_nothing_is_listening(credential: StubCredential) -> None:
    """A refused connection is unavailable, without a cause that holds the request."""
    connection = GraphConnection(credential, "http://127.0.0.1:9")
    with pytest.raises(TenantUnavailableError) as raised:
        await connection.read_once(connection.calls.passes.policy())
    assert raised.value.__context__ is None
    await connection.aclose()
