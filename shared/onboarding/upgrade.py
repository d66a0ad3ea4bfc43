"""Rows that an older version of the app wrote: each step lifts a document by one schema. Pure.

A field that is new and has a default needs no step. A row of a newer schema is left alone, for a version that knows it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from shared.onboarding.model import SCHEMA

Document = dict[str, Any]


class UnreadableRowError(Exception):
    """A row that this version of the app cannot read, by its key."""


class NewerRowError(UnreadableRowError):
    """A newer version of the app wrote this row: that version has to go on with it."""

    @property
    def onboarding(self) -> str:
        """The id of the onboarding."""
        return str(self).removeprefix("o|")


def _from_1(document: Document) -> Document:
    """A plan named at most one exception, as `moved`; now it names them all."""
    plan = document.get("plan")
    if not plan:
        return document
    moved = plan.get("moved")
    return {**document, "plan": {**plan, "exceptions": [moved] if moved else []}}


def _from_2(document: Document) -> Document:
    """Since 3 a row carries an authentication code, beside its document."""
    return document


def _from_3(document: Document) -> Document:
    """Since 4 a hire may be held back, and a version that does not know of holds would let it pass."""
    return document


def _from_4(document: Document) -> Document:
    """Since 5 a link may have a pick-up code. An older version would drop it, and the tries with it."""
    return document


def _from_5(document: Document) -> Document:
    """Since 6 a code may go to a hire's own number, which an older version would take for the manager's link.

    And the hire's device is looked at, and may be in a group by this app's doing: an older version would leave the due
    time behind, and the device in the group.
    """
    return document


STEPS: Mapping[int, Callable[[Document], Document]] = {1: _from_1, 2: _from_2, 3: _from_3, 4: _from_4, 5: _from_5}


def check_schema(key: str, schema: object) -> None:
    """Let no row pass that a newer version of the app wrote.

    Raises:
        NewerRowError: it says so.
    """
    if isinstance(schema, int) and schema > SCHEMA:
        raise NewerRowError(key)


def upgraded(key: str, text: str, schema: int) -> str:
    """Return the document of a row, as JSON, as this version would have written it.

    Raises:
        NewerRowError: it was written by a newer version.
    """
    check_schema(key, schema)
    if schema == SCHEMA:
        return text
    document: Document = json.loads(text)
    for step in range(schema, SCHEMA):
        document = STEPS[step](document)
    return json.dumps({**document, "schema": SCHEMA})
