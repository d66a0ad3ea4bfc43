"""Proof by a token that a sender shows in a header: for kinds that sign nothing."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.sources.proof import Secret, token
from shared.sources.request import Request

AUTHORIZATION = "authorization"


class TokenOptions(BaseModel):
    """`token_header`: where the token stands, alone; behind `Bearer` if the header is `authorization`.

    App Service authentication looks at `Authorization` before the app does, and may refuse a token that is not its own.
    Hence the header of our own, which every sender named here can be told to send.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    token_header: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")] = Field(
        default="x-day-one-pass-token", alias="tokenHeader"
    )


def shown(options: TokenOptions, secrets: Sequence[Secret], request: Request) -> str:
    """Return the name of the secret that was shown.

    Raises:
        SignatureRejectedError: none was, or a wrong one.
    """
    header = options.token_header
    return token(request.headers, secrets, header, "Bearer" if header == AUTHORIZATION else "")
