"""The link and its masks."""

import pytest

from shared.handover.keys.links import link, mask
from shared.handover.keys.sealing import new_key_pair
from shared.handover.keys.secrets import encode
from shared.languages.language import Language

KEY, _ = new_key_pair()


def test_the_key_stands_in_the_fragment() -> None:
    """The link is base, id and, behind the '#', the key."""
    assert link("https://pass.example/", "a1-_Z", KEY).reveal() == f"https://pass.example/pass/a1-_Z#{KEY.reveal()}"


def test_the_language_of_the_mail_stands_before_the_key() -> None:
    """Nothing but the language is in the query, and English needs none."""
    made = link("https://pass.example", "a1", KEY, with_code=True, language=Language.POLISH)
    assert made.reveal() == f"https://pass.example/pass/a1?lang=pl#{KEY.reveal()}.code"
    assert made.masked == "https://pass.example/pass/a1?lang=pl#***"


def test_a_masked_link_still_says_which_it_is() -> None:
    """Logs may name the link without its key."""
    made = link("https://pass.example", "a1", KEY)
    assert made.masked == str(made) == f"{made}" == "https://pass.example/pass/a1#***"


@pytest.mark.parametrize("base", ["http://127.0.0.1:7071", "http://localhost:7071", "http://[::1]:7071"])
def test_loopback_may_be_plain_http(base: str) -> None:
    """What a person opens on his own machine needs no certificate."""
    assert link(base, "a1", KEY).reveal().startswith(f"{base}/pass/a1#")


@pytest.mark.parametrize(
    "base",
    [
        "http://pass.example",
        "ftp://pass.example",
        "pass.example",
        "",
        "https://",
        "https://127.0.0.1@evil.example",
        "http://localhost@evil.example",
        "https://pass.example/?a=b",
        "https://pass.example/?",
        "https://pass.example/#x",
        "https://pass.example/#",
        "https://pass.exa mple",
        "https://pass.example\n.evil.example",
        "javascript:alert(1)//",
    ],
)
def test_an_unsafe_base_is_refused(base: str) -> None:
    """No link leaves with a base that settings should never have held."""
    with pytest.raises(ValueError, match="LINK_BASE_URL"):
        link(base, "a1", KEY)


@pytest.mark.parametrize("onboarding", ["", "a/b", "a#b", "a?b", "..", "a b", "a\n", "ä", "a" * 129])
def test_an_id_that_is_not_ours_is_refused(onboarding: str) -> None:
    """An id cannot bend the link elsewhere."""
    with pytest.raises(ValueError, match="an onboarding id"):
        link("https://pass.example", onboarding, KEY)


@pytest.mark.parametrize(
    "before", ["https://pass.example/pass/a1#", "https://scan.example/?url=https%3A%2F%2Fp%2Fa1%23"]
)
@pytest.mark.parametrize("after", ["", " ", ".", "\n", '"', "&x=1"])
def test_mask_hides_the_key_in_any_text(before: str, after: str) -> None:
    """The key goes wherever a link stands, wrapped by a mail gateway too."""
    masked = mask(f"see {before}{KEY.reveal()}{after}")
    assert KEY.reveal() not in masked
    assert masked == f"see {before}***{after}"


def test_mask_leaves_other_text_alone() -> None:
    """Fragments that are no key stay readable."""
    for text in ("#section-2", "#" + "a" * 44, "no link", encode(bytes(32))):
        assert mask(text) == text
