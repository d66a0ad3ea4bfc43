"""Faults as they might slip into what is done with a hire's link and its code, each planted by one patch."""

from dataclasses import replace

from shared.handover.keys import pickup
from shared.onboarding import lifecycle
from shared.onboarding.model import Onboarding
from tests.model.lives import pairs_of_a_code
from tests.model.planted import Patch, Planted


def _any_code(patch: Patch) -> None:
    patch.setattr(pickup, "fits", lambda *_: True)


def _no_lock(patch: Patch) -> None:
    patch.setattr(pickup, "takes_a_try", lambda *_: True)


def _any_browser(patch: Patch) -> None:
    patch.setattr(pickup, "has_brought", lambda held, _: held is not None and bool(held.visit))


def _old_link(patch: Patch) -> None:
    real = lifecycle.code_renewed

    def code_renewed(row: Onboarding) -> Onboarding:
        return replace(real(row), delivery=replace(row.delivery, mailed_at=None) if row.delivery else None)

    patch.setattr(lifecycle, "code_renewed", code_renewed)


PLANTED_AT_CODES = [
    Planted(name, plant, where, breaks, pairs_of_a_code)
    for name, plant, where, breaks in (
        ("any code opens a hire's link", _any_code, "the pass is made", "without its code"),
        ("codes may be guessed for ever", _no_lock, "the pass is made", "without its code"),
        ("a code that was brought counts in any browser", _any_browser, "the pass is opened", "was let in"),
        ("a fresh code leaves the link before it alive", _old_link, "the link is out", "replaced by a"),
    )
]
