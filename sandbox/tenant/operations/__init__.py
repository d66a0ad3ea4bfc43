"""Changes to the tenant that a test or a curious person asks for: one small function per operation."""

from datetime import datetime

from sandbox.tenant.errors import GraphError
from sandbox.tenant.operations import limits, people, things
from sandbox.tenant.operations.change import Change, Operation, OperationError
from sandbox.tenant.state import Json, TenantState

__all__ = ["OPERATIONS", "OperationError", "apply"]

OPERATIONS: dict[str, Operation] = people.OPERATIONS | things.OPERATIONS | limits.OPERATIONS


def apply(state: TenantState, now: datetime, body: Json) -> Json:
    """Carry out one operation and return what it made; OperationError where it makes no sense."""
    operation = OPERATIONS.get(str(body.get("op")))
    if operation is None:
        raise OperationError(f"unknown op {body.get('op')!r}; known are {', '.join(OPERATIONS)}")
    try:
        return operation(Change(state, now, body))
    except GraphError as refusal:
        raise OperationError(refusal.message) from refusal
