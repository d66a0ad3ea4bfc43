"""The HR systems that the settings name, checked as a whole and built."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.sources.errors import SecretMalformedError
from shared.sources.kind import Kind, Source
from shared.sources.kinds import KINDS
from shared.sources.proof import Secret
from shared.sources.records import Api, WantedApi

SettingName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
SourceName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class HrSource(BaseModel):
    """An HR system that may post events.

    `secrets`: a name for each active secret → the setting that holds it, in Azure a reference to Key Vault. `options`
    are those of the kind, and `api` is the way to its records where its events do not tell what is in them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    secrets: dict[SecretName, SettingName] = Field(min_length=1)
    options: dict[str, Any] = {}
    api: WantedApi | None = None


class SourceSettingsError(Exception):
    """A source cannot be built; `faults` has one text for each fault, none holds a value."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def make_source(
    name: str, wanted: HrSource, given: Mapping[str, str], kinds: Mapping[str, Kind[Any]] = KINDS
) -> Source[Any]:
    """Build a source; `given` are the settings that hold its secrets.

    Raises:
        SourceSettingsError: with every fault at once.
    """
    kind = kinds.get(wanted.kind)
    if kind is None:
        raise SourceSettingsError((f"HR_SOURCES ({name} → kind): must be one of {', '.join(sorted(kinds))}",))
    secrets, wrong_secrets = _secrets(kind, name, wanted.secrets, given)
    options, wrong_options = _options(kind, name, wanted.options)
    api, wrong_api = _api(kind, name, wanted.api, given)
    if options is None or wrong_secrets or wrong_api:
        raise SourceSettingsError((*wrong_secrets, *wrong_options, *wrong_api))
    return Source(name, kind, secrets, options, api)


def _secrets(
    kind: Kind[Any], source: str, wanted: Mapping[str, str], given: Mapping[str, str]
) -> tuple[tuple[Secret, ...], tuple[str, ...]]:
    secrets: list[Secret] = []
    faults: list[str] = []
    for label, setting in wanted.items():
        if setting not in given:
            faults.append(f"{setting}: missing; {source} in HR_SOURCES names it for the secret {label}")
            continue
        try:
            secrets.append(kind.secret(label, given[setting]))
        except SecretMalformedError as error:
            faults.append(f"{setting}: {error}")
    return tuple(secrets), tuple(faults)


def _api(
    kind: Kind[Any], source: str, wanted: WantedApi | None, given: Mapping[str, str]
) -> tuple[Api | None, tuple[str, ...]]:
    records, where = kind.records, f"HR_SOURCES ({source} → api"
    if wanted is None:
        missing = records is not None and records.needed
        return None, (f"{where}): missing; events of this kind only name a record, which has to be read",) * missing
    if records is None:
        return None, (f"{where}): events of this kind say all there is to say; leave it out",)
    if wanted.credentials.keys() != records.credentials:
        return None, (f"{where} → credentials): must be {', '.join(sorted(records.credentials))} and nothing else",)
    absent = tuple(
        f"{setting}: missing; {source} in HR_SOURCES names it for the credential {name}"
        for name, setting in wanted.credentials.items()
        if setting not in given
    )
    if absent:
        return None, absent
    base = wanted.base_url or records.base
    if base is None:
        return None, (f"{where} → baseUrl): missing; each company has an address of its own",)
    held = {name: given[setting].strip() for name, setting in wanted.credentials.items()}
    return Api(base, held), ()


def _options(kind: Kind[Any], source: str, wanted: Mapping[str, Any]) -> tuple[BaseModel | None, tuple[str, ...]]:
    try:
        return kind.options.model_validate(wanted), ()
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
    paths = (" → ".join(str(part) for part in (source, "options", *problem["loc"])) for problem in problems)
    return None, tuple(
        f"HR_SOURCES ({path}): {problem['msg'].removeprefix('Value error, ')}"
        for path, problem in zip(paths, problems, strict=True)
    )
