"""Blob containers of the data account in which others leave files, by the app's own identity.

Imported where a source names a container, and nowhere else: loading the app must not pay for the SDK.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from azure.core import MatchConditions
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import ContentSettings
from azure.storage.blob.aio import BlobServiceClient, ContainerClient

from shared.runtime.errors import ConflictError, StorageUnavailableError
from shared.runtime.storage import AGAIN_AFTER, CONNECTION_TIMEOUT, HEED_ENVIRONMENT, READ_TIMEOUT, storage_failures


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was listed: its whole name, what tells this content from another, its bytes, and when it came."""

    name: str = field(repr=False)
    etag: str
    size: int
    at: datetime


class Container:
    """One container."""

    def __init__(self, client: ContainerClient) -> None:
        self._client = client

    async def files(self) -> tuple[File, ...]:
        """List all that lies in it.

        Raises:
            StorageUnavailableError: no answer, or there is no such container.
        """
        with storage_failures():
            try:
                return tuple(
                    [
                        File(blob.name, blob.etag, blob.size, blob.last_modified)
                        async for blob in self._client.list_blobs()
                    ]
                )
            except ResourceNotFoundError:
                raise StorageUnavailableError("There is no such container.") from None

    async def read(self, file: File) -> bytes | None:
        """Return what is in a file; None where it is gone, or another by now.

        Raises:
            StorageUnavailableError
        """
        blob = self._client.get_blob_client(file.name)
        with suppress(ConflictError, ResourceNotFoundError), storage_failures():
            found = await blob.download_blob(etag=file.etag, match_condition=MatchConditions.IfNotModified)
            return bytes(await found.readall())
        return None

    async def write(self, name: str, json: str) -> None:
        """Write a file of JSON in place of any of this name.

        Raises:
            StorageUnavailableError: it may be written all the same.
        """
        with storage_failures():
            settings = ContentSettings(content_type="application/json")
            await self._client.upload_blob(name, json.encode(), overwrite=True, content_settings=settings)

    async def remove(self, file: File) -> None:
        """Delete a file, unless it is gone, or another by now.

        Raises:
            StorageUnavailableError: it may be gone all the same.
        """
        blob = self._client.get_blob_client(file.name)
        with suppress(ConflictError, ResourceNotFoundError), storage_failures():
            await blob.delete_blob(etag=file.etag, match_condition=MatchConditions.IfNotModified)


class Containers:
    """The containers of the data account."""

    def __init__(self, endpoint: str, credential: AsyncTokenCredential) -> None:
        self._service = BlobServiceClient(
            endpoint,
            credential=credential,
            connection_timeout=CONNECTION_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            use_env_settings=HEED_ENVIRONMENT,
            retry_total=1,
            initial_backoff=AGAIN_AFTER,
            random_jitter_range=0,
        )

    def of(self, name: str) -> Container:
        """Return one by its name; whether there is one shows when it is listed."""
        return Container(self._service.get_container_client(name))
