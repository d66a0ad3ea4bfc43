"""Telephone numbers as people write them, in the one form that carriers take. Pure."""

import re

_BETWEEN = re.compile(r"\(0\)|[\s\u00a0\u00ad\u2010-\u2015()./-]")
_E164 = re.compile(r"\+[1-9]\d{6,14}")


def e164(written: str | None) -> str | None:
    """Return a number in E.164, such as +4915112345678; None where it has no country code, or is no number.

    Taken: spaces, hyphens, dots, slashes and brackets between digits, `00` for `+`, and "(0)" behind a country code.
    """
    bare = _BETWEEN.sub("", written or "")
    international = f"+{bare[2:]}" if bare.startswith("00") else bare
    return international if _E164.fullmatch(international) and international.isascii() else None
