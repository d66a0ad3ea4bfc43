"""Does a text message fit one part? A longer one is sent in pieces, which cost more and arrive in any order. Pure.

3GPP TS 23.038: 160 characters of the GSM 7-bit default alphabet, where ten of its extension table count twice; or, as
soon as a single character is in neither, 70 code units of UCS-2.
"""

GSM_UNITS = 160
UCS2_UNITS = 70
_DEFAULT = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")


def fits_one_part(body: str) -> bool:
    """Tell whether a text goes out in one part."""
    if set(body) <= _DEFAULT | _EXTENSION:
        return sum(2 if char in _EXTENSION else 1 for char in body) <= GSM_UNITS
    return len(body.encode("utf-16-be")) // 2 <= UCS2_UNITS
