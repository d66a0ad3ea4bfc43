"""How much fits one part of a text message."""

import pytest

from shared.channels.one_part import fits_one_part


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ("a" * 160, True),
        ("a" * 161, False),
        ("à" * 160, True),
        ("€" * 80, True),
        ("€" * 80 + "a", False),
        ("あ" * 70, True),
        ("あ" * 71, False),
        ("ł" + "a" * 69, True),
        ("ł" + "a" * 70, False),
        ("🎉" * 35, True),
        ("🎉" * 36, False),
        ("", True),
    ],
)
def test_what_fits_is_counted_as_carriers_do(body: str, fits: bool) -> None:
    """160 of the GSM alphabet, its extension counting twice; 70 as soon as one character is beyond both."""
    assert fits_one_part(body) is fits
