"""Foreign text made harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.handover.wording import NO_NAME, clean, name, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna\r\nBcc: evil@x", "Anna Bcc: evil@x"),
        ("Anna\u2028\u2029\x85\x0b\x00Berg", "Anna Berg"),
        ("\u202eanna\u202c\u2066x\u2069\u200f\u200e\u061c", "annax"),
        ("An\u00adna\ufeff\u200b\u2060", "Anna"),
        ("\U000e0041\U000e0042Anna", "Anna"),
        ("Anna\ud800", "Anna"),
        ("  Anna \t\u3000 Berg ", "Anna Berg"),
        ("e\u0301" + "\u0301" * 50 + "x", "é" + "\u0301" * 4 + "x"),
        ("山田 太郎", "山田 太郎"),
        ("محمد علی\u200cپور", "محمد علی\u200cپور"),
        ("O'Brien-Łuk & Sons", "O'Brien-Łuk & Sons"),
    ],
)
def test_foreign_text_is_cleaned_and_otherwise_kept(text: str, shown: str) -> None:
    """What bends a line, hides or turns text goes; names of the world stay as they are."""
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("www.evil.example", "www. evil. example"),
        ("https://10.0.0.1/x", "https: //10. 0. 0. 1/x"),
        ("http://evil/x", "http: //evil/x"),
        ("a@evil.example", "a@evil. example"),
        ("evil\u3002example", "evil\u3002 example"),
        ("evil.\u200bexample", "evil. example"),
        ("J.R. Ewing jr.", "J. R. Ewing jr."),
    ],
)
def test_a_name_in_a_mail_is_never_a_link(text: str, shown: str) -> None:
    """No client makes a link of what stood in a name."""
    assert plain(text) == shown


@pytest.mark.parametrize("empty", ["", "  ", "\u202e", "\u200d", "\r\n"])
def test_a_name_is_never_empty(empty: str) -> None:
    """A sentence about somebody without a name still reads."""
    assert name(empty) == NO_NAME


def test_what_stands_for_a_name_is_of_no_language() -> None:
    """It is put into sentences of nine."""
    assert not any(char.isalpha() for char in NO_NAME)


def test_long_text_is_cut() -> None:
    """No name fills the screen; huge ones cost nothing."""
    assert plain("x" * 500, 20) == "x" * 19 + "…"
    assert len(plain("." + "a.b" * 1_000_000, 50)) <= 50


@given(text=st.text(alphabet=st.characters(), max_size=200), limit=st.integers(2, 150))
def test_clean_and_plain_text_keep_their_promise(text: str, limit: int) -> None:
    """Whatever comes in, one printable line within the limit comes out, and cleaning it again changes nothing."""
    for made in (clean(text, limit), plain(text, limit)):
        assert len(made) <= limit
        assert not any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs", "Cn", "Co"} for char in made)
        assert not any(
            unicodedata.bidirectional(char) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}
            for char in made
        )
        assert made == made.strip(" ")
        assert "://" not in plain(text, limit)
