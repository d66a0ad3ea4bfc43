"""Stands in for the Azure CLI: answers what infra/graph/*.sh ask, and keeps what they make in one JSON file."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

FILE = Path(os.environ["AZ_STATE"])
GRAPH = "https://graph.microsoft.com/v1.0/"


def main() -> int:
    """Do one command."""
    state = json.loads(FILE.read_text(encoding="utf-8"))
    verb, options = _read(sys.argv[1:])
    answer = ANSWERS[verb](state, options)
    FILE.write_text(json.dumps(state), encoding="utf-8")
    if answer is not None:
        sys.stdout.write(json.dumps(answer))
    return 0


def _read(arguments: list[str]) -> tuple[str, dict[str, str]]:
    first = next(index for index, one in enumerate(arguments) if one.startswith("--"))
    options: dict[str, str] = {}
    for one in arguments[first:]:
        if one.startswith("--"):
            name = one
        else:
            options[name] = f"{options.get(name, '')} {one}".strip()
    return " ".join(arguments[:first]), options


def identity_create(state: dict[str, Any], options: dict[str, str]) -> Any:
    """Make an identity, or return it."""
    made = {"name": options["--name"], "principalId": "principal", "clientId": "client"}
    return state["identities"].setdefault(options["--name"], made)


def identity_delete(state: dict[str, Any], options: dict[str, str]) -> None:
    """Delete an identity that no lock keeps."""
    if options["--name"] in state["locks"]:
        sys.exit("ScopeLocked")
    del state["identities"][options["--name"]]


def rest(state: dict[str, Any], options: dict[str, str]) -> Any:
    """Answer as Microsoft Graph would."""
    path = options["--url"].removeprefix(GRAPH)
    body = json.loads(options["--body"]) if "--body" in options else {}
    name, _, rest_of_path = path.partition("/")
    if "appRoleAssignments" in path:
        return _assignments(state, options["--method"], rest_of_path.rpartition("/")[2], body)
    if "federatedIdentityCredentials" in path:
        return state.update(trust=body)
    if name.startswith("applications"):
        return _applications(state, options["--method"], path, body)
    if name.startswith("directory"):
        return state["bin"].remove(path.rpartition("/")[2])
    return {"id": "graph"}


def _assignments(state: dict[str, Any], method: str, last: str, body: dict[str, str]) -> Any:
    if method == "POST":
        state["grants"].append(body | {"id": f"grant-{body['appRoleId']}"})
    elif method == "DELETE":
        state["grants"] = [one for one in state["grants"] if one["id"] != last]
    return {"value": state["grants"]}


def _applications(state: dict[str, Any], method: str, path: str, body: dict[str, Any]) -> Any:
    if found := re.search(r"uniqueName%20eq%20'(.+)'", path):
        return {"value": [{"id": f"object-{one}"} for one in state["applications"] if one == found[1]]}
    if method == "DELETE":
        state["bin"].append(path.rpartition("/")[2])
        return state["applications"].pop(path.rpartition("/")[2].removeprefix("object-")) and None
    name = re.search(r"uniqueName='(.+)'", path)[1]  # type: ignore[index]
    if method == "PATCH":
        state["applications"][name] = body
        return None
    return {"id": f"object-{name}", "appId": "application"}


ANSWERS = {
    "account show": lambda _, __: {"tenantId": "tenant"},
    "identity create": identity_create,
    "identity list": lambda state, _: list(state["identities"].values()),
    "identity delete": identity_delete,
    "lock delete": lambda state, options: state["locks"].remove(options["--resource"]),
    "rest": rest,
}

if __name__ == "__main__":
    sys.exit(main())
