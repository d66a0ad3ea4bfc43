"""Reading the settings from the environment, and saying all that is wrong with them at once, each with what to do.

Lazily, never at import: an app that cannot be configured must still load, and then say what is missing. No value is
ever repeated in a message, for a value may be a secret.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.runtime.errors import SettingsError
from shared.runtime.settings.channels import channel_faults
from shared.runtime.settings.model import HrSources, Settings
from shared.runtime.settings.row_keys import RowKeys, row_secrets
from shared.runtime.settings.sites import Collectors
from shared.sources.configured import HrSource, SourceSettingsError, containers_of, make_source
from shared.sources.kind import Source


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings, all of them.

    Raises:
        SettingsError: with every fault at once.
    """
    given = _given(environ)
    settings, faults = _validated(Settings, given)
    named, _ = _validated(HrSources, given)
    sources, wrong_sources = _sources(named.hr_sources if named else {}, given)
    keys, _ = _validated(RowKeys, given)
    secrets, wrong_secrets = row_secrets(keys.row_keys if keys else {}, given)
    missing = (*_missing_for_channels(given), *_container_faults(sources, given))
    if settings is None or wrong_sources or wrong_secrets or missing:
        raise SettingsError((*faults, *wrong_sources, *wrong_secrets, *missing))
    # Private attributes keep the secrets out of every dump and repr.
    settings._sources, settings._row_secrets = sources, secrets  # noqa: SLF001
    return settings


def load_without_secrets(environ: Mapping[str, str]) -> Settings:
    """Read the settings for a tool that works beside the app: what names a secret is read, and no secret is needed.

    Raises:
        SettingsError: with every fault at once.
    """
    given = _given(environ)
    settings, faults = _validated(Settings, given)
    missing = _missing_for_channels(given)
    if settings is None or missing:
        raise SettingsError((*faults, *missing))
    return settings


def load_row_keys(environ: Mapping[str, str]) -> tuple[tuple[bytes, ...], datetime | None]:
    """Read what rows are believed by, and no other setting: the secrets, and until when rows without a code are.

    Raises:
        SettingsError: with every fault at once.
    """
    given = _given(environ)
    keys, faults = _validated(RowKeys, given)
    secrets, wrong_secrets = row_secrets(keys.row_keys if keys else {}, given)
    if keys is None or wrong_secrets:
        raise SettingsError((*faults, *wrong_secrets))
    return secrets, keys.unsigned_rows_until


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if value.strip()}


def _validated[M: BaseModel](model: type[M], given: Mapping[str, str]) -> tuple[M | None, tuple[str, ...]]:
    try:
        return model.model_validate(given), ()
    except ValidationError as error:
        return None, tuple(_fault(problem["loc"], problem["type"], problem["msg"]) for problem in error.errors())


def _sources(
    wanted: Mapping[str, HrSource], given: Mapping[str, str]
) -> tuple[dict[str, Source[Any]], tuple[str, ...]]:
    sources: dict[str, Source[Any]] = {}
    faults: list[str] = []
    for name, source in wanted.items():
        try:
            sources[name] = make_source(name, source, given)
        except SourceSettingsError as error:
            faults.extend(f"{fault}." for fault in error.faults)
    return sources, tuple(faults)


def _missing_for_channels(given: Mapping[str, str]) -> tuple[str, ...]:
    collectors, _ = _validated(Collectors, given)
    return tuple(channel_faults(given, collectors.chains if collectors else ()))


def _container_faults(sources: Mapping[str, Source[Any]], given: Mapping[str, str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    faults: list[str] = []
    for name, container in containers_of(sources).items():
        if "STORAGE__blobServiceUri" not in given:
            faults.append(f"STORAGE__blobServiceUri: missing; {name} in HR_SOURCES names a container.")
        if (other := first.setdefault(container, name)) != name:
            faults.append(f"HR_SOURCES ({name} → options → container): is that of {other}, too; give each its own.")
    return tuple(faults)


def _fault(location: tuple[int | str, ...], kind: str, message: str) -> str:
    name, *path = [str(part) for part in location] or ["The settings"]
    where = f"{name} ({' → '.join(path)})" if path else name
    if kind == "missing" and not path:
        field = next(f for f in Settings.model_fields.values() if f.alias == name)
        return f"{name}: missing. {field.description}"
    return f"{where}: {message.removeprefix('Value error, ')}."
