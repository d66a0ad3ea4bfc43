"""The pages under `/pass/`: the same bytes for every id, and the headers of every answer there.

GET changes nothing and reveals nothing: mail scanners fetch it, run its script and press its buttons.
"""

import base64
import functools
import hashlib
import re
from pathlib import Path

REFUSAL_TITLE = "This link is not, or no longer, for the account you are signed in with"
HAND_OVER, CODE = "page", "code"
"""The page of whoever collects, and that of whoever holds a hire's code; they share their looks."""
_HERE = Path(__file__).parent
_INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)
_FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "publickey-credentials-get", "usb")
_EVERYWHERE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@functools.cache
def page_body(name: str = HAND_OVER) -> bytes:
    """Return a page, UTF-8: one document, with its style and script inside."""
    markup, style, script = ((_HERE / file).read_bytes() for file in (f"{name}.html", "page.css", f"{name}.js"))
    # Minified would be smaller, but whoever reviews what a browser runs next to a pass should be able to read it.
    return markup.replace(b"<style></style>", b"<style>" + style + b"</style>").replace(
        b"<script></script>", b"<script>" + script + b"</script>"
    )


def page_headers(name: str = HAND_OVER) -> dict[str, str]:
    """Return all headers of a page, its type and a policy that allows its own script and style alone."""
    return {**_EVERYWHERE, "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": _page_policy(name)}


def answer_headers() -> dict[str, str]:
    """Return the headers of every other answer under `/pass/`; the content type is the caller's."""
    return {**_EVERYWHERE, "Content-Security-Policy": _NOTHING}


@functools.cache
def _page_policy(name: str) -> str:
    allowed = {b"script": "script-src", b"style": "style-src"}
    hashed = (f"{allowed[kind]} {_hash(content)}" for kind, content in _INLINE.findall(page_body(name)))
    return "; ".join(
        (_NOTHING, "connect-src 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'", *hashed)
    )


def _hash(content: bytes) -> str:
    """Name a content as Content-Security-Policy level 3 does: browsers hash exactly what stands between the tags."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"
