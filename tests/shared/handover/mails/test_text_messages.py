"""The text with a hire's code: one part in every language, nobody's name, and read back as it was drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channels.one_part import fits_one_part
from shared.handover.keys.pickup import ALPHABET, LENGTH, PickupCode
from shared.handover.mails import text_messages
from shared.languages.catalogue import CATALOGUES
from shared.languages.language import Language
from shared.languages.voice import ENGLISH, Voice

SPOKEN = [one for one in Language if one is Language.ENGLISH or (CATALOGUES / f"{one}.po").exists()]
CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


class Wordy(Voice):
    """Says everything at length."""

    def say(self, text: str, /, **values: object) -> str:
        """Say it in 71 characters of Japanese."""
        return "\u3042" * 71 if values else text


@given(CODES, st.integers(1, 10_000), st.sampled_from(SPOKEN))
def test_a_text_fits_one_part_and_holds_code_and_number_alone(code: str, number: int, language: Language) -> None:
    """Whatever the language and however often the link was sent anew; a link is never in it."""
    body = text_messages.code(Voice(language), PickupCode(code), delivery=number)
    assert fits_one_part(body)
    assert f"{code[:4]}-{code[4:]}" in body
    assert str(number) in body
    assert "http" not in body


@pytest.mark.parametrize("language", SPOKEN)
def test_a_text_is_in_the_language_of_its_reader(language: Language) -> None:
    """No translation is so long, or of such letters, that English has to stand in for it."""
    body = text_messages.code(Voice(language), PickupCode("BCDFGHJK"), delivery=999)
    assert (body == text_messages.code(ENGLISH, PickupCode("BCDFGHJK"), delivery=999)) == (language is Language.ENGLISH)


def test_a_language_that_takes_more_than_one_part_gives_way_to_english() -> None:
    """A text of pieces arrives in any order."""
    said = text_messages.code(Wordy(Language.JAPANESE), PickupCode("BCDFGHJK"), delivery=1)
    assert said == "BCDF-GHJK: your code for link number 1. Tell nobody."
