"""The Microsoft Graph SDK, set up so that it does what it is told once. Imported by the first call only.

What its defaults would do instead (microsoft-kiota-http 1.16, msgraph-core 1.5): post a change up to three times
more on 429, 503 and 504; sleep in the call for whatever Retry-After says; follow redirects, posts too; repeat after
a claims challenge; take a redirect with a Location for a success; write the whole address, user ids and all, into
spans. The handlers that do so are left out of the pipeline, so that no option of a request can bring them back.
"""

import logging
from urllib.parse import urlsplit

import httpx
from azure.core.credentials_async import AsyncTokenCredential
from kiota_abstractions.request_information import RequestInformation
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from kiota_http.kiota_client_factory import KiotaClientFactory
from kiota_http.middleware import ParametersNameDecodingHandler, UserAgentHandler
from kiota_http.observability_options import ObservabilityOptions
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient
from opentelemetry import trace

from shared.tenant.calls.call import Call
from shared.tenant.calls.catalogue import GraphCalls
from shared.tenant.errors import TenantError
from shared.tenant.failures import UnexpectedStatusError, translate

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 20.0
"""The most between two bytes. `shared.tenant.graph` bounds the whole call; this one only ends a dead connection."""
_ERRORS = {"XXX": ODataError}


class Sdk:
    """One request adapter for v1.0 and one for beta over one pool of connections."""

    def __init__(self, credential: AsyncTokenCredential, base_url: str) -> None:
        """Build both for Graph at `base_url` (scheme and host, no version)."""
        # These two write every address, and so every user id, at INFO.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._client = _http_client()
        authentication = AzureIdentityAuthenticationProvider(
            credential,
            scopes=[f"{base_url}/.default"],
            allowed_hosts=[urlsplit(base_url).hostname or ""],
            is_cae_enabled=False,  # managed identities take no part in continuous access evaluation
        )
        self._v1 = _OnceAdapter(authentication, self._client, f"{base_url}/v1.0")
        self._beta = _OnceAdapter(authentication, self._client, f"{base_url}/beta")
        self.client = GraphServiceClient(request_adapter=self._v1)
        self.calls = GraphCalls(self.client)

    async def send(self, call: Call) -> bytes | None:
        """Send one request and return the body of a 2xx, None where it has none. Raises whatever the SDK raises."""
        adapter = self._beta if call.beta else self._v1
        body: bytes | None = await adapter.send_primitive_async(call.request, "bytes", _ERRORS)
        return body

    def failure(self, error: Exception, permission: str) -> TenantError:
        """Say in the product's own terms what went wrong."""
        return translate(error, permission)

    async def aclose(self) -> None:
        """Close the pool of connections."""
        await self._client.aclose()


class _OnceAdapter(GraphRequestAdapter):
    """A request adapter that sends a request once and takes nothing but 2xx for a success."""

    def __init__(
        self, authentication: AzureIdentityAuthenticationProvider, client: httpx.AsyncClient, base_url: str
    ) -> None:
        super().__init__(authentication, client)
        self.base_url = base_url
        self.observability_options = ObservabilityOptions(include_euii_attributes=False)

    def set_base_url_for_request_information(self, request_info: RequestInformation) -> None:
        """Settle the address with it: the SDK reads it three times, and would expand its template each time."""
        super().set_base_url_for_request_information(request_info)
        request_info.url = request_info.url

    async def get_http_response_message(
        self, request_info: RequestInformation, parent_span: trace.Span, claims: str = ""
    ) -> httpx.Response:
        response: httpx.Response = await super().get_http_response_message(request_info, parent_span, claims)
        if response.is_success or response.is_error:
            return response
        raise UnexpectedStatusError(response.status_code)

    async def retry_cae_response_if_required(
        self, resp: httpx.Response, request_info: RequestInformation, claims: str
    ) -> httpx.Response:
        """Leave a 401 as it is: the SDK would send the request again, a change too."""
        del request_info, claims
        return resp


def _http_client() -> httpx.AsyncClient:
    """Build the client. HTTP/1.1, as everywhere else: one request per connection, so a reset means this request."""
    client = httpx.AsyncClient(
        timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        http2=False,
    )
    return KiotaClientFactory.create_with_custom_middleware(
        [ParametersNameDecodingHandler(), UserAgentHandler()], client
    )
