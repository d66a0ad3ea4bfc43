"""Telephone numbers as people write them."""

import pytest

from shared.channels.numbers import e164


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+49 151 12345678", "+4915112345678"),
        ("0049-151/123 456 78", "+4915112345678"),
        ("+49 (0)151 12345678", "+4915112345678"),
        ("+1 (303) 555-0100", "+13035550100"),
        ("+81\u00a090\u20111234\u20115678", "+819012345678"),
        ("0151 12345678", None),
        ("+0 151 12345678", None),
        ("+49 151 1234 5678 ext. 9", None),
        ("+\u0664\u0669 151 12345678", None),
        ("+4915", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_read_only_with_its_country_code(written: str | None, number: str | None) -> None:
    """Nothing is guessed: another country's number would be somebody else's."""
    assert e164(written) == number
