"""The table of rules is complete: every rule has its test, every behaviour and every call is in the table."""

import ast
import re
from pathlib import Path

from sandbox.tenant import lockscreen
from sandbox.tenant.graph.routes import ROUTES
from tests.sandbox.tenant.rules import CALLS, RULES

HERE = Path(__file__).parent
# In these files every test stands for a rule of the outside world.
BEHAVIOUR = ("fixtures", "passes", "directory", "intune", "mail", "teamwork", "subscriptions", "lockscreen")


def _tests(*names: str) -> set[str]:
    files = [HERE / f"test_{name}.py" for name in names] if names else sorted(HERE.glob("test_*.py"))
    return {
        node.name
        for file in files
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def test_each_rule_has_a_test_that_exists() -> None:
    """A renamed or removed test leaves no rule behind."""
    assert {rule.test for rule in RULES} - _tests() == set()
    assert set(CALLS.values()) - _tests() == set()


def test_each_behaviour_tested_is_in_the_table() -> None:
    """What a test of behaviour holds is said in the table, once, with its mark."""
    assert _tests(*BEHAVIOUR) - {rule.test for rule in RULES} == set()
    assert len({rule.test for rule in RULES}) == len({rule.text for rule in RULES}) == len(RULES)
    assert {rule.mark for rule in RULES} == {"D", "S", "G"}


def test_each_call_has_a_test_of_its_good_answer() -> None:
    """A new route needs an entry."""
    assert {f"{route.method} {route.template}" for route in ROUTES} == set(CALLS)


def test_each_call_of_v1_goes_through_the_sdk() -> None:
    """A new route of v1.0 needs a case in which the SDK itself sends the call and parses its answer."""
    of_v1 = {CALLS[f"{route.method} {route.template}"] for route in ROUTES if "v1.0" in route.versions}
    assert of_v1 - _tests("sdk") == set()


def test_each_reason_of_the_lock_screen_is_tested() -> None:
    """A reason nobody provokes is a reason nobody has seen: here, and with a pass that the product made."""
    text = Path(lockscreen.__file__).read_text()
    reasons = set(re.findall(r'"((?:[a-z]+-)+[a-z]+)"', text))
    assert {"no-web-sign-in", "pass-used", "unknown-device"} <= reasons
    for file in (HERE / "test_lockscreen.py", HERE.parents[1] / "doorways" / "test_lock_screen.py"):
        tested = file.read_text()
        assert {reason for reason in reasons if f'"{reason}"' not in tested} == set(), file.name
