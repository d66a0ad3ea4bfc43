"""Load the function app in the working directory with Microsoft's worker and print its functions as JSON.

Runs inside the unpacked package, in an environment that holds the worker and nothing else; packages come from
`.python_packages`, as in Azure. No setting is present.
"""

import importlib
import importlib.util
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FORBIDDEN = ("sandbox", "tests", "demo", "pytest", "mypy", "hypothesis", "xdist", "coverage")


class _Message(SimpleNamespace):
    undefined, out, inout = 0, 1, 2


def main() -> int:
    """Return 0 after printing {"functions": {name: trigger}}, 1 if something is importable that must not be."""
    here = Path.cwd()
    sys.path[:0] = [str(here), str(here / ".python_packages" / "lib" / "site-packages")]
    handle_event: Any = importlib.import_module("azure_functions_runtime.handle_event")
    importlib.import_module("azure_functions_runtime.bindings.meta").load_binding_registry()
    handle_event.protos = SimpleNamespace(BindingInfo=_Message, RpcFunctionMetadata=_Message, RpcRetryOptions=_Message)
    indexed = handle_event.index_functions(str(here / "function_app.py"), str(here)) or []
    present = [name for name in FORBIDDEN if importlib.util.find_spec(name) is not None]
    if present:
        print(f"inside the package, but must not be: {', '.join(present)}", file=sys.stderr)
        return 1
    print(json.dumps({"functions": {entry.name: _trigger(entry) for entry in indexed}}))
    return 0


def _trigger(entry: Any) -> str:
    bindings = [json.loads(raw) for raw in entry.raw_bindings]
    return str(next(binding["type"] for binding in bindings if binding["type"].endswith("Trigger")))


if __name__ == "__main__":
    sys.exit(main())
