"""The link in the mail: `{base}/pass/{id}#{key}`, with `.code` behind the key of a hire's link.

Where the mail is in another language than English, `?lang={language}` stands before the key: the page then speaks as
the mail did, whatever the browser likes.

The key stands in the fragment, which browsers send to no server; so does the mark, by which the page knows that it asks
for a pick-up code and not for a sign-in: no answer of the app has to tell. The base comes from settings, never from a
request.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.handover.keys.secrets import HIDDEN, Link, LinkKey
from shared.languages.language import Language
from shared.runtime.urls import is_protected

WITH_CODE = ".code"
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_KEY_IN_TEXT = re.compile(r"(#|%23)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where links lead, and the helpdesk's mail address."""

    link_base: str
    desk: str


def link(
    base_url: str,
    onboarding_id: str,
    link_key: LinkKey,
    *,
    with_code: bool = False,
    language: Language = Language.ENGLISH,
) -> Link:
    """Build the link for one delivery. `with_code`: a pick-up code goes with it. `language`: of the mail.

    Raises:
        ValueError: the base is neither https nor http on loopback, carries a user, query or fragment, or the id holds
            characters that no id of ours has.
    """
    if not _ID.fullmatch(onboarding_id):
        raise ValueError("an onboarding id has 1 to 128 letters, digits, '-' or '_'")
    mark = WITH_CODE if with_code else ""
    spoken = "" if language is Language.ENGLISH else f"?lang={language}"
    return Link(f"{_base(base_url)}/pass/{onboarding_id}{spoken}#{link_key.reveal()}{mark}")


def code_page(base_url: str, onboarding_id: str) -> Link:
    """Build the address of the page on which whoever holds a hire's code has a fresh one made. No key is in it.

    Raises:
        ValueError: as for `link`.
    """
    if not _ID.fullmatch(onboarding_id):
        raise ValueError("an onboarding id has 1 to 128 letters, digits, '-' or '_'")
    return Link(f"{_base(base_url)}/pass/{onboarding_id}/code")


def mask(text: str) -> str:
    """Hide the key of every link in a text, also where a gateway has percent-encoded the '#'."""
    return _KEY_IN_TEXT.sub(rf"\1{HIDDEN}", text)


def _base(base_url: str) -> str:
    if not is_protected(base_url):
        raise ValueError("LINK_BASE_URL must be https (http only on loopback)")
    has_user = "@" in urlsplit(base_url).netloc
    if has_user or not base_url.isprintable() or any(sign in base_url for sign in "?# "):
        raise ValueError("LINK_BASE_URL must have no user, query, fragment or space")
    return base_url.rstrip("/")
