"""What all lives have in common."""

import pytest

from shared.handover.keys import pickup


@pytest.fixture(autouse=True)
def _codes_are_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash a code in no time: how dear a hash is, is no matter of what may happen when."""
    monkeypatch.setattr(pickup, "COST", pickup.Cost(n=16))
