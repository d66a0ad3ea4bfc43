"""The settings of channels: by what mails and texts go, and what each channel needs.

Apart from the other settings, so that what one of them lacks for another is found whatever is wrong with those.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Json, WithJsonSchema

from shared.runtime.addresses import Address
from shared.runtime.guids import Guid

HIRE_ROUTES = frozenset({"hire+manager", "hire+text"})
"""Routes on which the hire has the link."""


def _chain(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or len(set(value)) < len(value):
        raise ValueError("must name at least one route, and none twice")
    if HIRE_ROUTES.intersection(value) and value[-1] != "desk":
        raise ValueError(
            "must end with desk, for it names a route to the hire: where HR and Entra do not hold the same private"
            " address or number, somebody has to collect all the same"
        )
    return value


def _mail_channels(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or len(set(value)) < len(value):
        raise ValueError("must name at least one channel, and none twice")
    return value


Chain = Annotated[
    tuple[Literal["manager", "hire+manager", "hire+text", "contact", "desk"], ...], AfterValidator(_chain)
]
MailAddress = Annotated[
    str,
    Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$", max_length=254),
    WithJsonSchema({"type": "string", "format": "mail address or user principal name"}),
]
TextSender = Annotated[
    str,
    Field(pattern=r"^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$"),
    WithJsonSchema({"type": "string", "format": "number such as `+4930555000`, or a name of at most 11 characters"}),
]


class ChannelSettings(BaseModel):
    """By what messages go. Exchange is always there, by MAIL_SENDER; all else is off until it is set."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    mail_channels: Json[Annotated[tuple[Literal["graph", "communication"], ...], AfterValidator(_mail_channels)]] = (
        Field(
            default=("graph",),
            alias="MAIL_CHANNELS",
            description="By what mails go: the first of these that takes them. `graph` is Exchange, `communication`"
            " Azure Communication Services.",
        )
    )
    communication_endpoint: Address | None = Field(
        default=None,
        alias="COMMUNICATION_ENDPOINT",
        description="The address of Azure Communication Services, which the app reaches by its identity.",
    )
    communication_mail_sender: MailAddress | None = Field(
        default=None,
        alias="COMMUNICATION_MAIL_SENDER",
        description="The address that mails of Azure Communication Services are sent from.",
    )
    communication_text_sender: TextSender | None = Field(
        default=None,
        alias="COMMUNICATION_TEXT_SENDER",
        description="What text messages are sent from; `hire+text` needs it.",
    )
    teams_app: Guid | None = Field(
        default=None,
        alias="TEAMS_APP",
        description="Id of the Teams app that tells whoever collects that a mail has come. Empty: nobody is told in"
        " Teams. Needs the permission of the feature `teams`.",
    )


def channel_faults(given: Mapping[str, str], chains: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    """Say which settings are missing for what others turn on. `chains`: each with the setting it stands in.

    Read from the settings as they are written, so that a fault in one of them hides nothing of the rest.
    """
    if '"communication"' in given.get("MAIL_CHANNELS", ""):
        yield from _missing(given, "COMMUNICATION_MAIL_SENDER", "MAIL_CHANNELS names communication")
    for where, chain in chains:
        if "hire+text" in chain:
            yield from _missing(given, "COMMUNICATION_TEXT_SENDER", f"{where} names hire+text")


def _missing(given: Mapping[str, str], sender: str, because: str) -> Iterator[str]:
    return (f"{name}: missing; {because}." for name in ("COMMUNICATION_ENDPOINT", sender) if name not in given)
