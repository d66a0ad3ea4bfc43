"""The HR systems that the settings name, checked as a whole and built."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.sources.errors import SecretMalformedError
from shared.sources.kind import Kind, Source
from shared.sources.kinds import KINDS, csv
from shared.sources.limits import Limits
from shared.sources.proof import Secret
from shared.sources.records import Api, WantedApi

SettingName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
SourceName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class WantedLimits(BaseModel):
    """How many hires an HR system may announce, as new or as moved, before the next ones wait for a Pass.Admin.

    `perHour`, `perDay`: of any. `usualPerDay`: a day, or three times what is usual for the source if that is more.
    `startsToday`: a day, of those whose pass begins within twelve hours; `movedToToday`: of those among them who were
    planned for later.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_hour: int = Field(default=60, ge=1, le=100_000, alias="perHour")
    per_day: int = Field(default=200, ge=1, le=100_000, alias="perDay")
    usual_per_day: int = Field(default=20, ge=1, le=100_000, alias="usualPerDay")
    starts_today: int = Field(default=5, ge=0, le=100_000, alias="startsToday")
    moved_to_today: int = Field(default=0, ge=0, le=100_000, alias="movedToToday")

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if not self.usual_per_day <= self.per_day >= self.per_hour:
            raise ValueError("perDay must be at least perHour and at least usualPerDay")
        return self

    @property
    def limits(self) -> Limits:
        """The same, for the brakes."""
        return Limits(self.per_hour, self.per_day, self.starts_today, self.moved_to_today, self.usual_per_day)


class HrSource(BaseModel):
    """An HR system that may post events.

    `secrets`: a name for each active secret → the setting that holds it, in Azure a reference to Key Vault. `options`
    are those of the kind, and `api` is the way to its records where its events do not tell what is in them. `limits`:
    how much goes by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    secrets: dict[SecretName, SettingName] = Field(min_length=1)
    options: dict[str, Any] = {}
    api: WantedApi | None = None
    limits: WantedLimits = WantedLimits()


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


def containers_of(sources: Mapping[str, Source[Any]]) -> Mapping[str, str]:
    """Return the blob containers in which sources may leave tables, by the names of these."""
    named = {
        name: source.options.container for name, source in sources.items() if isinstance(source.options, csv.Options)
    }
    return {name: container for name, container in named.items() if container is not None}


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
