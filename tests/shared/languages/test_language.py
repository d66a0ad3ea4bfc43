"""Which language somebody is spoken to in, by what directories, HR systems and browsers say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.languages.language import Language, accepted, named


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de", "de"), ("de-AT", "de"), ("DE_ch", "de"), (" fr-FR ", "fr"), ("pt-BR", "pt"), ("pt-PT", "pt"),
        ("ja-Jpan-JP", "ja"), ("en-GB", "en"), ("sv-SE", None), ("deu", None), ("", None), (None, None),
        ("de;q=1", None), ("de\n", "de"), ("../de", None), ("xx", None),
    ],
)  # fmt: skip
def test_a_tag_names_a_language_or_none(tag: str | None, language: str | None) -> None:
    """Region and script are no matter; what is no tag, or a language that is not spoken here, names none."""
    assert named(tag) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"), ("sv-SE,sv;q=0.9,pl;q=0.7,en;q=0.8", "en"), ("fr;q=0.5, it;q=0.5", "fr"),
        ("en;q=0, nl;q=0.1", "nl"), ("*", None), ("", None), ("sv", None), ("de;q=0", None), ("pl ; q=1.0", "pl"),
        ("garbage;;;, es", "es"), ("de;q=2", None), ("x" * 5000 + ",de", None),
    ],
)  # fmt: skip
def test_a_browser_gets_the_language_it_likes_best(header: str, language: str | None) -> None:
    """By weight, the first of equals; what cannot be read does not count, and a huge header costs nothing."""
    assert accepted(header) == language


@given(st.text(max_size=300))
def test_no_header_breaks_the_choice(header: str) -> None:
    """Whatever a browser sends, the answer is a language or none."""
    for found in (accepted(header), named(header)):
        assert found is None or found in Language
