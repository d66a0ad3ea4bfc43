"""Takes a request from an HR system: limits first, then proof, then shape; nothing is stored here."""

from typing import Any

from shared.sources.errors import ContentTypeError, PayloadTooLargeError
from shared.sources.kind import Source
from shared.sources.request import Request
from shared.sources.verdict import Answer, Heard, Verdict, few

MAX_BODY_BYTES = 256 * 1024
_UTF_8 = frozenset({"charset=utf-8", "charset=utf8"})


def greet(source: Source[Any], request: Request) -> Answer:
    """Answer a GET or OPTIONS."""
    return source.kind.greet(source, request)


def receive(source: Source[Any], request: Request) -> Verdict:
    """Verify and read one POST.

    Not checked: whether it came before, and whether a start can be (planning does).

    Raises:
        PayloadTooLargeError, ContentTypeError, SignatureRejectedError, EventRejectedError: the sender's fault.
    """
    _check_limits(source, request)
    verdict = source.kind.read(source, request)
    if isinstance(verdict, Heard):
        few(verdict.items)
    return verdict


def _check_limits(source: Source[Any], request: Request) -> None:
    if len(request.body) > MAX_BODY_BYTES:
        raise PayloadTooLargeError(f"the body is too large: send at most {MAX_BODY_BYTES // 1024} KiB")
    if any(coding.strip().lower() not in {"", "identity"} for coding in request.headers.all("content-encoding")):
        raise ContentTypeError("the body must not be compressed: send it without a content encoding")
    types = request.headers.all("content-type") or ("",)
    if len(types) != 1 or not _is_taken(types[0], source.kind.media_types):
        wanted = " or ".join(sorted(source.kind.media_types - {""}))
        raise ContentTypeError(f"the content type must be {wanted}, in UTF-8")


def _is_taken(content_type: str, media_types: frozenset[str]) -> bool:
    essence, *parameters = (part.strip().lower().replace('"', "") for part in content_type.split(";"))
    charsets = [value for value in parameters if value.startswith("charset=")]
    return essence in media_types and all(value in _UTF_8 for value in charsets)
