"""The page and the headers around it."""

import base64
import hashlib
import html
import json
import re
from importlib.resources import files

import pytest

from shared.handover.collecting.answers import State
from shared.handover.pages.page import REFUSAL_TITLE, answer_headers, page_body, page_headers
from shared.languages.language import Language

PAGE = page_body().decode()


def _policy(headers: dict[str, str]) -> dict[str, list[str]]:
    directives = (directive.split() for directive in headers["Content-Security-Policy"].split(";"))
    return {first: rest for first, *rest in directives}


def test_the_policy_allows_the_pages_own_script_and_style_alone() -> None:
    """Each inline block is named by its hash, and nothing else may run, load or frame."""
    policy = _policy(page_headers())
    for tag in ("script", "style"):
        blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
        hashes = [base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() for block in blocks]
        assert len(hashes) == 1
        assert policy[f"{tag}-src"] == [f"'sha256-{hashes[0]}'"]
    for closed in ("default-src", "base-uri", "form-action", "frame-ancestors"):
        assert policy[closed] == ["'none'"]
    assert policy["connect-src"] == ["'self'"]
    assert "unsafe" not in page_headers()["Content-Security-Policy"]


def test_the_page_needs_nothing_that_the_policy_forbids() -> None:
    """No inline handler, style attribute, foreign asset or use of markup from strings."""
    assert PAGE.count("<script") == PAGE.count("<style") == 1
    assert not re.search(r"""<[^>]+\s(on\w+|style|src|srcset)=""", PAGE)
    assert not re.search(r"https?://|//[a-z]+\.", PAGE)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", PAGE)


def test_the_page_is_small_and_always_the_same() -> None:
    """Under 60 KB with style and script inside, and no part of it depends on the request."""
    assert len(page_body()) < 60_000
    for part in ("page.css", "page.js"):
        assert files("shared.handover.pages").joinpath(part).read_bytes() in page_body()
    assert page_body() == page_body()
    assert page_headers() == page_headers()


@pytest.mark.parametrize("language", Language)
def test_every_language_has_the_same_page_in_other_words(language: Language) -> None:
    """The same markup, style and script, so that one policy fits all; under 70 KB; the language named in each place."""
    page = page_body(language=language).decode()
    assert len(page.encode()) < 70_000
    for tag in ("script", "style"):
        assert re.findall(rf"<{tag}>.*?</{tag}>", page, re.DOTALL) == re.findall(
            rf"<{tag}>.*?</{tag}>", PAGE, re.DOTALL
        )
    assert sorted(_tags(page)) == sorted(_tags(PAGE)), "a translation brings no markup of its own, and leaves none out"
    assert f'<html lang="{language.tag}">' in page
    assert page.count('aria-current="true"') == 1
    assert f'lang="{language.tag}" hreflang="{language.tag}" aria-current="true">{language.own_name}</a>' in page
    assert "[[" not in _markup(page)
    words = json.loads(html.unescape(page.split('<template id="words">')[1].split("</template>")[0]))
    assert bool(words) is (language is not Language.ENGLISH)


def _markup(page: str) -> str:
    """Return a page without its style and script."""
    return re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)


def _tags(page: str) -> list[str]:
    """Return a page's tags, in whatever order a language has them; not what stands out, nor what names a language."""
    return [tag for tag in re.findall(r"<[a-z][^>]*>", _markup(page)) if not re.match("<b>|<nav|.*lang=", tag)]


def test_the_key_leaves_the_address_before_anything_else_happens() -> None:
    """The script takes the key out of the address before its first request or redirect can be made."""
    script = PAGE[PAGE.index("<script>") :]
    assert script.index("takeKey();") < script.index("fetch(")
    assert script.index("history.replaceState") < script.index("location.assign")


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_screen(state: State) -> None:
    """What the app may answer, the page knows by name; a state without a screen would read as "almost there"."""
    assert re.search(rf"""^    "?{state}"?\(\) {{""", PAGE, re.MULTILINE)


def test_the_page_says_the_uniform_refusal_in_the_same_words() -> None:
    """Page and API refuse alike."""
    assert REFUSAL_TITLE in PAGE


def test_every_answer_forbids_caching_referring_framing_sniffing_and_indexing() -> None:
    """Page and json answers carry the same protection."""
    for headers in (page_headers(), answer_headers()):
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Robots-Tag"].startswith("noindex")
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert _policy(headers)["frame-ancestors"] == ["'none'"]
        assert all(value.isascii() and value.isprintable() for value in headers.values())


def test_an_answer_runs_nothing() -> None:
    """A json answer opened as a document can do nothing, and its type is left to the caller."""
    assert _policy(answer_headers())["default-src"] == ["'none'"]
    assert "script-src" not in _policy(answer_headers())
    assert "Content-Type" not in answer_headers()


def test_headers_belong_to_the_caller() -> None:
    """Changing one answer's headers changes no other's."""
    answer_headers()["Cache-Control"] = "public"
    page_headers().clear()
    assert answer_headers()["Cache-Control"] == "no-store"
    assert page_headers()["Content-Type"] == "text/html; charset=utf-8"
