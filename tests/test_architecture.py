"""Who may import whom, and what must do with the standard library alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = frozenset({"shared", "functions", "sandbox", "demo", "tests", "tools"})
THIRD_PARTY = frozenset(
    {"azure", "msgraph", "kiota_abstractions", "pydantic", "cryptography", "httpx", "aiohttp", "opentelemetry"}
)

# Decisions: arguments in, answer out. Planning knows nothing of the product; the others know its plain data.
ALONE = ("shared/planning",)
PURE = (
    "shared/onboarding/events/admission.py",
    "shared/onboarding/eligibility/authority.py",
    *(f"shared/onboarding/lifecycle/{name}.py" for name in ("planning", "mailing", "passing", "collecting")),
    *(f"shared/onboarding/lifecycle/{name}.py" for name in ("ending", "device", "pieces")),
    *(f"shared/onboarding/{name}.py" for name in ("model", "statuses", "collector", "device_side")),
    "shared/onboarding/events/outcomes.py",
    "shared/onboarding/reasons.py",
    "shared/onboarding/records/model.py",
    "shared/onboarding/requests/fresh_code.py",
    "shared/onboarding/requests/reissue.py",
    "shared/onboarding/audit/record.py",
    *(f"shared/onboarding/schedule/{name}.py" for name in ("pass_life", "after_end", "news", "web_sign_in")),
    *(f"shared/onboarding/schedule/{name}.py" for name in ("device", "spans", "keeping", "__init__")),
    "shared/onboarding/transitions.py",
    "shared/onboarding/audit/hash_chain.py",
    "shared/onboarding/ids.py",
    "shared/onboarding/audit/pseudonyms.py",
    "shared/onboarding/upgrade.py",
    "shared/passes/ownership.py",
    "shared/handover/wording.py",
    *(f"shared/handover/keys/{name}.py" for name in ("links", "pickup")),
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "shared/handover/mails").glob("*.py"))),
    "shared/handover/sending/facts.py",
    "shared/handover/callers/principal.py",
    *(f"shared/handover/collecting/{name}.py" for name in ("answers", "claim", "view")),
    *(f"shared/languages/{name}.py" for name in ("language", "catalogue", "voice")),
    *(f"shared/channels/{name}.py" for name in ("envelope", "numbers", "one_part", "ports")),
    "shared/sources/hire.py",
    "shared/websignin/merge.py",
    "shared/websignin/scope.py",
    "shared/websignin/body.py",
    *(f"shared/checkup/{name}.py" for name in ("facts", "finding", "naming", "catalogue", "writing")),
    *(f"shared/checkup/{name}.py" for name in ("permissions", "pass_policy", "web_sign_in", "access")),
    *(f"shared/checkup/{name}.py" for name in ("editions", "hires", "mail", "app")),
    "shared/tenant/errors.py",
    *(f"shared/tenant/ports/{name}.py" for name in ("people", "devices", "passes", "mail")),
    *(f"shared/tenant/ports/{name}.py" for name in ("profiles", "reports", "changes")),
    "shared/runtime/clock.py",
    "shared/runtime/errors.py",
    "shared/runtime/urls.py",
    "shared/runtime/telemetry/metrics.py",
    "shared/runtime/telemetry/vocabulary.py",
    "shared/onboarding/figures.py",
)


def modules(*folders: str) -> Iterator[Path]:
    """Find the Python files of folders, or the files themselves."""
    for folder in folders:
        path = ROOT / folder
        yield from [path] if path.suffix else sorted(path.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Return the full names of all that a file imports, wherever in it that stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names.add(node.module or "")
    return names


def spoken(path: Path) -> Iterator[str]:
    """Yield every name and every text in the code of a file; what documents it is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=said) | ast.Attribute(attr=said) | ast.arg(arg=said):
                yield said
            case ast.Constant(str(said)) if id(node) not in documents:
                yield said


def roots(path: Path) -> set[str]:
    """Return the packages that a file imports from."""
    return {name.split(".")[0] for name in imported(path)}


def breaches(paths: Iterator[Path], forbidden: frozenset[str]) -> list[str]:
    """List who imports what he must not."""
    return [f"{path.relative_to(ROOT)} imports {name}" for path in paths for name in roots(path) & forbidden]


def test_the_product_knows_neither_its_doorways_nor_its_sandbox() -> None:
    """Nothing in shared imports functions, sandbox, demo, tests or tools."""
    assert breaches(modules("shared"), OURS - {"shared"}) == []


def test_doorways_know_the_product_and_nothing_of_the_sandbox() -> None:
    """Doorways and function_app import shared, never sandbox, demo, tests or tools."""
    assert breaches(modules("functions", "function_app.py"), OURS - {"shared", "functions"}) == []
    assert any("shared" in roots(path) for path in modules("functions"))


def test_the_app_never_asks_where_it_runs() -> None:
    """Nothing in the product or its doorways has a name or a text for the machine of a developer: one way for all."""
    words = re.compile(r"sandbox|azurite|devstore|is_local|if_local|on_azure|development", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {said}"
        for path in modules("shared", "functions", "function_app.py")
        for said in spoken(path)
        if words.search(said)
    ]
    assert found == []


def test_rooms_are_entered_by_the_composition_root() -> None:
    """Only the composition root, and the rooms themselves, import a room of it."""
    room = "shared.composition"
    found = {
        str(path.relative_to(ROOT).parent / path.stem)
        for path in modules("shared", "functions", "function_app.py")
        if any(name.startswith(room) for name in imported(path))
    }
    assert {name for name in found if not name.startswith(room.replace(".", "/"))} == {"shared/services"}


def test_nothing_imports_tests() -> None:
    """Tests are imported by tests and tools alone: neither the product nor its sandbox knows them."""
    folders = (name for name in ("shared", "functions", "sandbox", "demo") if (ROOT / name).exists())
    assert breaches(modules(*folders, "function_app.py"), frozenset({"tests"})) == []


def test_the_rooms_of_the_hand_over_know_only_those_below() -> None:
    """Two ways from the keys: what is written and sent, and who calls and collects; neither knows the other's rooms."""
    rooms = {
        "keys": set(),
        "mails": {"keys"},
        "sending": {"keys", "mails"},
        "callers": set(),
        "collecting": {"keys", "callers"},
        "pages": set(),
    }
    known = {
        room: {
            other
            for path in modules(f"shared/handover/{room}")
            for name in imported(path)
            for other in rooms
            if name.startswith(f"shared.handover.{other}.")
        }
        for room in rooms
    }
    assert {room: others - {room} for room, others in known.items()} == rooms


@pytest.mark.parametrize("path", [str(path.relative_to(ROOT)) for path in modules(*ALONE)])
def test_planning_needs_the_standard_library_alone(path: str) -> None:
    """Planning imports the standard library and itself."""
    allowed = sys.stdlib_module_names
    outside = {name for name in imported(ROOT / path) if name.split(".")[0] not in allowed}
    assert all(name.startswith("shared.planning") for name in outside), outside


@pytest.mark.parametrize("path", PURE)
def test_decisions_import_no_third_party(path: str) -> None:
    """Pure decisions use the standard library and the product's plain data, and nothing that does input or output."""
    file = ROOT / path
    assert roots(file) <= sys.stdlib_module_names | {"shared"}
    rows = {"shared.onboarding.store", "shared.onboarding.due_times", "shared.onboarding.audit.trail"}
    effects = rows | {"shared.runtime.storage", "shared.tenant.graph", "shared.services"}
    assert imported(file) & effects == set()
    assert roots(file) & {"asyncio", "socket", "http", "subprocess", "os"} == set()


def test_decisions_load_no_third_party() -> None:
    """Not by a detour either: with all pure modules imported, no library of the product's is loaded but one.

    Only `cryptography`, behind the link key's own type, may be.
    """
    names = [path.removesuffix(".py").replace("/", ".") for path in PURE]
    code = f"import sys, importlib; [importlib.import_module(name) for name in {names}]; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded & THIRD_PARTY <= {"cryptography"}


def test_no_decision_reads_the_clock() -> None:
    """`now` is an argument: neither datetime.now nor time.time is called in a pure module."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules(*ALONE, *PURE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today", "monotonic"}
        if path.name != "clock.py"
    ]
    assert found == []


def test_azure_names_stay_in_their_adapters() -> None:
    """Only the storage modules, the composition root, and the adapters of Graph and of channels import an SDK."""
    onboardings = {"store.py", "transaction.py", "due_times.py", "trail.py", "census.py"}
    adapters = {"storage.py", "containers.py", "leases.py", "surroundings.py", "pipelines.py"} | onboardings
    found = [
        str(path.relative_to(ROOT))
        for path in modules("shared")
        if roots(path) & {"azure", "msgraph", "kiota_abstractions"}
        and path.name not in adapters
        and path.parent.name not in {"tenant", "calls", "channels"}
    ]
    assert found == []
