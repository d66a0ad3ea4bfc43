"""What the app may do: in Microsoft Graph exactly what its calls need, in Azure one role for each thing it does."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.tenant.seed import PERMISSIONS as SANDBOX_PERMISSIONS
from shared.checkup.permissions import NEEDS
from tools.infra.templates import Resource, resources, variable
from tools.infra.tree import Tree

GRANTS = "infra/graph/permissions.json"
ADAPTERS = "shared/tenant/**/*.py"
ADMINISTRATORS = "shared/tenant/**/administrat*.py"
"""What is asked with an administrator's own sign-in, and never by the app."""
ROLES = "infra/app/roles.bicep"
SET_UP = ("infra/graph/main.bicep", "infra/graph/set-up.sh")

_PERMISSION = re.compile(r"[A-Z][\w-]+(?:\.[\w-]+)*\.(?:Read|ReadWrite|ReadBasic|Send)(?:\.\w+)*")
_ROLE_NAME = re.compile(r"Pass\.[A-Z]\w+")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

AZURE_ROLES = frozenset({
    ("infra/app/roles.bicep", "platformStorage", "Storage Blob Data Owner"),
    ("infra/app/roles.bicep", "dataStorage", "Storage Table Data Contributor"),
    ("infra/app/roles.bicep", "dataStorage", "Storage Queue Data Contributor"),
    ("infra/app/drop.bicep", "container", "Storage Blob Data Contributor"),
    ("infra/app/roles.bicep", "vault", "Key Vault Secrets User"),
    ("infra/app/roles.bicep", "insights", "Monitoring Metrics Publisher"),
    ("infra/app/app.bicep", "app", "Website Contributor"),
    ("infra/app/communication.bicep", "services", "Communication and Email Service Owner"),
})  # fmt: skip
"""Every role that is assigned, and on what."""

ROLE_NAMES = {
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Storage Queue Data Contributor",
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
    "de139f84-1756-47ae-9be6-808fbbe84772": "Website Contributor",
    "09976791-48a7-449e-bb21-39d1a415f350": "Communication and Email Service Owner",
}
"""Azure's built-in roles that are used, by their ids, which are the same everywhere."""


def grant_findings(tree: Tree) -> Iterator[str]:
    """Say which grants are missing, too many or too wide."""
    yield from _graph(tree)
    yield from _app_roles(tree)
    yield from _azure(tree)


def _graph(tree: Tree) -> Iterator[str]:
    document = json.loads(tree.text(GRANTS))
    administrators = tree.paths(ADMINISTRATORS)
    used = permissions_used(tree, set(tree.paths(ADAPTERS)).difference(administrators))
    theirs = permissions_used(tree, administrators)
    exchange, people = document["exchange"], document["administrator"]
    entra = [*document["application"], *document["optional"]]
    for grant in entra:
        yield from _grant(grant, used)
    covered = {name for grant in [*entra, *exchange] for name in (grant["permission"], *grant.get("covers", ()))}
    for name in sorted(used - covered):
        yield f"{GRANTS}: a call needs {name}, and it is not granted. Add it with its id, feature and reason."
    for grant in exchange:
        if grant["permission"] not in used:
            yield f"{GRANTS}: no call needs {grant['permission']}. Take it out of exchange."
        if grant["permission"] in {one["permission"] for one in entra}:
            yield f"{GRANTS}: {grant['permission']} in Entra is for every mailbox. Leave it to exchange.ps1 alone."
    yield from _administrator({grant["permission"] for grant in people}, theirs, covered)
    granted = {grant["permission"] for grant in [*document["application"], *exchange]}
    for name in sorted(granted ^ SANDBOX_PERMISSIONS):
        yield f"sandbox/tenant/seed.py: PERMISSIONS and {GRANTS} differ in {name}. The sandbox must grant the same."
    granted_for = {(grant["permission"], grant["feature"]) for grant in entra}
    for name, feature in sorted(granted_for ^ {(need.permission, need.feature) for need in NEEDS}):
        yield f"shared/checkup/permissions.py: NEEDS and {GRANTS} differ in {name} ({feature}). Make them the same."
    for path in SET_UP:
        if "permissions.json" not in tree.text(path):
            yield f"{path}: does not read permissions.json, so what it grants is checked by nothing."


def _administrator(named: set[str], used: set[str], covered: set[str]) -> Iterator[str]:
    """Say where what an administrator's sign-in needs is not what is written down, or was granted to the app."""
    for name in sorted(used - covered - named):
        yield f"{GRANTS}: an administrator's call needs {name}. Add it to administrator, with its feature and reason."
    for name in sorted(named - used):
        yield f"{GRANTS}: no call needs {name} of an administrator. Take it out."
    for name in sorted(named & covered):
        yield f"{GRANTS}: {name} is an administrator's, for his own sign-in. Do not grant it to the app."


def _grant(grant: dict[str, Any], used: set[str]) -> Iterator[str]:
    name = grant["permission"]
    narrower = used.intersection(grant["covers"])
    if name not in used:
        instead = f"grant {' and '.join(sorted(narrower))} instead" if narrower else "take it out"
        yield f"{GRANTS}: {name} is wider than any call needs: {instead}."
    for idle in sorted(set(grant["covers"]) - used):
        yield f"{GRANTS}: {name} is said to cover {idle}, which no call needs. Take that out of covers."
    if not _GUID.fullmatch(grant["id"]):
        yield f"{GRANTS}: {name} has no app role id."
    if not grant["feature"] or not grant["why"]:
        yield f"{GRANTS}: {name} has no feature or no reason. Say what it is for."


def permissions_used(tree: Tree, paths: Iterable[str]) -> set[str]:
    """Return the permissions that Graph adapters name for their calls."""
    return {text for path in paths for text in _texts(tree, path) if _PERMISSION.fullmatch(text)}


def _app_roles(tree: Tree) -> Iterator[str]:
    declared = {role["value"] for role in json.loads(tree.text(GRANTS))["appRoles"]}
    asked = {
        text
        for pattern in ("functions/*.py", "shared/**/*.py")
        for path in tree.paths(pattern)
        for text in _texts(tree, path)
        if _ROLE_NAME.fullmatch(text)
    }
    for name in sorted(declared ^ asked):
        side = "no route asks for it" if name in declared else "the app registration does not declare it"
        yield f"{GRANTS}: the app role {name}: {side}. Make both sides the same."


def _texts(tree: Tree, path: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(tree.text(path))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _azure(tree: Tree) -> Iterator[str]:
    assignments = [one for one in resources(tree) if one.type == "Microsoft.Authorization/roleAssignments"]
    assigned = {(one.file, str(one.at("scope")), _role(tree, one)) for one in assignments}
    for file, scope, role in sorted(assigned - AZURE_ROLES):
        yield f"{file}: {role} on {scope} is more than is known to be needed. Assign a narrower role, on one resource."
    for file, scope, role in sorted(AZURE_ROLES - assigned):
        yield f"{file}: {role} on {scope} is not assigned, and the app cannot work without it."
    for one in assignments:
        if not one.at("properties.description"):
            yield f"{one.file}: the role assignment {one.symbol} does not say why. Give it a description."
        if one.at("properties.principalType") != "ServicePrincipal":
            yield f"{one.file}: {one.symbol} must say principalType ServicePrincipal, or a fresh identity is not found."


def _role(tree: Tree, assignment: Resource) -> str:
    """Return the name of the role that an assignment gives: its id stands there, or in a variable of the file."""
    written = assignment.at("properties.roleDefinitionId.function.parameters.resource_name_1")
    match written:
        case {"operator": {"operands": {"operand_1": str(table), "operand_2": str(key)}}}:
            guid = str(variable(tree, assignment.file, table)[key])
        case str() if not _GUID.fullmatch(written):
            guid = str(variable(tree, assignment.file, written))
        case _:
            guid = str(written)
    return ROLE_NAMES.get(guid, f"an unknown role ({guid})")
