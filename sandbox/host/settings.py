"""What the host is told: `host.json`, application settings, and the identity-based connections they name.

Sources: the host.json reference and the identity-based connections page of Azure Functions' documentation.
"""

import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from azure.identity.aio import ManagedIdentityCredential

_OVERRIDE = "AzureFunctionsJobHost__"
_DURATION = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)")

# The worker library and the app share this process: what the host itself asks of storage must not fill the app's log.
_QUIET = logging.getLogger("sandbox.host.requests")
_QUIET.setLevel(logging.WARNING)
_QUIET.propagate = False


class HostSettingsError(Exception):
    """host.json or a setting is missing or wrong; the text says which and what is expected."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """`extensions.queues` of host.json with the platform's own defaults."""

    batch_size: int = 16
    new_batch_threshold: int = 8
    max_polling_interval: timedelta = timedelta(minutes=1)
    visibility_timeout: timedelta = timedelta(0)
    max_dequeue_count: int = 5
    base64: bool = True


@dataclass(frozen=True, slots=True)
class HostFile:
    """The parts of host.json that this host obeys."""

    route_prefix: str
    queues: QueueSettings


def parse_duration(text: str) -> timedelta:
    """Parse `[d.]hh:mm:ss[.fff]`, the only form host.json knows.

    Raises:
        HostSettingsError: the text has another form.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise HostSettingsError(f"host.json: {text!r} is no duration; write hh:mm:ss")
    days, hours, minutes, seconds = match.groups()
    return timedelta(days=int(days or 0), hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def read_host_file(app: Path, environment: Mapping[str, str]) -> HostFile:
    """Read host.json of the app, overridden by `AzureFunctionsJobHost__…` settings as in Azure.

    Raises:
        HostSettingsError: the file is missing or not understood.
    """
    try:
        content = json.loads((app / "host.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise HostSettingsError(f"{app} has no host.json, so it is no function app") from error
    except json.JSONDecodeError as error:
        raise HostSettingsError(f"{app}/host.json is no JSON: {error}") from error
    extensions = content.get("extensions", {})
    http: dict[str, Any] = {**extensions.get("http", {}), **_overrides("http", environment)}
    queues: dict[str, Any] = {**extensions.get("queues", {}), **_overrides("queues", environment)}
    return HostFile(route_prefix=http.get("routePrefix", "api"), queues=_queues(queues))


def _overrides(section: str, environment: Mapping[str, str]) -> dict[str, str]:
    prefix = f"{_OVERRIDE}extensions__{section}__"
    return {name.removeprefix(prefix): value for name, value in environment.items() if name.startswith(prefix)}


def _queues(content: Mapping[str, Any]) -> QueueSettings:
    usual = QueueSettings()
    batch_size = int(content.get("batchSize", usual.batch_size))
    polling, visibility = content.get("maxPollingInterval"), content.get("visibilityTimeout")
    return QueueSettings(
        batch_size=batch_size,
        new_batch_threshold=int(content.get("newBatchThreshold", batch_size // 2)),
        max_polling_interval=parse_duration(polling) if polling else usual.max_polling_interval,
        visibility_timeout=parse_duration(visibility) if visibility else usual.visibility_timeout,
        max_dequeue_count=int(content.get("maxDequeueCount", usual.max_dequeue_count)),
        base64=str(content.get("messageEncoding", "base64")).lower() == "base64",
    )


def resolve(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Replace each `%NAME%` by the setting of that name.

    Raises:
        HostSettingsError: such a setting is missing; Azure does not start the function then.
    """

    def value(match: re.Match[str]) -> str:
        try:
            return environment[match[1]]
        except KeyError as error:
            raise HostSettingsError(f"the setting {match[1]}, named in {text!r}, is missing") from error

    return re.sub(r"%([^%]+)%", value, text)


def service_address(connection: str, service: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the address of `service` ("queue", "table") behind the settings prefix `connection`.

    Raises:
        HostSettingsError: the setting is missing, or the connection uses a key instead of an identity.
    """
    name = f"{connection}__{service}ServiceUri"
    try:
        address = environment[name]
    except KeyError as error:
        raise HostSettingsError(
            f"the setting {name} is missing; this host knows identity-based connections only"
        ) from error
    if environment.get(f"{connection}__credential") != "managedidentity":
        raise HostSettingsError(f"set {connection}__credential to managedidentity")
    return address


def connection_credential(connection: str, environment: Mapping[str, str] = os.environ) -> ManagedIdentityCredential:
    """Return the managed identity of the connection; it is asked for a token only when one is needed."""
    return ManagedIdentityCredential(client_id=environment.get(f"{connection}__clientId"), **quiet())


def quiet() -> dict[str, Any]:
    """Return the keyword arguments that keep an Azure client of the host itself out of the app's log.

    Nor does it look for proxies: each request would ask the environment and a .netrc, in threads of its own.
    """
    return {"logger": _QUIET, "logging_enable": False, "use_env_settings": False}
