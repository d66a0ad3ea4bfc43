"""The settings of who hears of what, besides whoever a message is for anyway."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Json


def _each_once(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) < len(value):
        raise ValueError("must name nobody twice")
    return value


Listeners = Json[Annotated[tuple[Literal["collector", "contact", "desk"], ...], AfterValidator(_each_once)]]


class NewsSettings(BaseModel):
    """Who hears of what becomes of a pass. An empty list: nobody."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tell_opened: Listeners = Field(
        default=("collector",),
        alias="TELL_OPENED",
        description="Who hears that a pass was opened. `collector`: the manager, where the hire has the link.",
    )
    tell_not_opened: Listeners = Field(
        default=("collector", "contact", "desk"),
        alias="TELL_NOT_OPENED",
        description="Who hears that nobody opened it in time. `collector`: the manager, where the hire has the link.",
    )
    tell_locked: Listeners = Field(
        default=("collector", "desk"),
        alias="TELL_LOCKED",
        description="Who hears that five wrong codes locked a hire's link. `collector`: the manager.",
    )
    tell_revoked: Listeners = Field(
        default=("collector",),
        alias="TELL_REVOKED",
        description="Who hears that a pass was taken back, or a hire withdrawn.",
    )
