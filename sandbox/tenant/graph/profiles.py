"""Intune's settings catalog, which lives in beta only. `/assign` replaces the whole set; there is no ETag."""

import re
import uuid
from collections.abc import Container
from typing import Any

from sandbox.tenant.errors import GraphError, bad_request
from sandbox.tenant.graph import approvals, query, schema, shapes
from sandbox.tenant.graph.calls import Answer, Call, text_field
from sandbox.tenant.state import Json, Profile
from sandbox.tenant.times import graph_time

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TARGETS = {
    "#microsoft.graph.groupAssignmentTarget": "groupId",
    "#microsoft.graph.exclusionGroupAssignmentTarget": "groupId",
    "#microsoft.graph.scopeTagGroupAssignmentTarget": "groupId",
    "#microsoft.graph.configurationManagerCollectionAssignmentTarget": "collectionId",
    "#microsoft.graph.allDevicesAssignmentTarget": None,
    "#microsoft.graph.allLicensedUsersAssignmentTarget": None,
}
"""Each kind of target, and what it names."""
_FILTER_ID = "deviceAndAppManagementAssignmentFilterId"
_FILTER_TYPE = "deviceAndAppManagementAssignmentFilterType"
_NEW = frozenset(
    {"name", "description", "platforms", "technologies", "roleScopeTagIds", "templateReference", "settings"}
)
_SETTING = "#microsoft.graph.deviceManagementConfigurationSetting"


def find(call: Call) -> Answer:
    """GET configurationPolicies with $filter, $select and $expand=assignments,settings."""
    bodies = [profile.body for profile in call.state.profiles.values()]
    found = call.matching(bodies, schema.PROFILE, "deviceManagementConfigurationPolicy")
    return call.page(
        [_shown(call, call.state.profiles[b["id"]]) for b in found], "deviceManagement/configurationPolicies"
    )


def read(call: Call) -> Answer:
    """GET configurationPolicies/{id}."""
    return Answer(200, call.context("deviceManagement/configurationPolicies/$entity") | _shown(call, _profile(call)))


def create(call: Call) -> Answer:
    """POST configurationPolicies: a policy with its settings, assigned to nobody yet."""
    body = call.json()
    schema.check_body(body, _NEW, "deviceManagementConfigurationPolicy")
    name = text_field(body, "name")
    settings = body.get("settings")
    if not isinstance(settings, list) or not settings:
        raise bad_request("Property settings in payload has a value that does not match schema.")
    for setting in settings:
        if not isinstance(setting, dict) or setting.get("@odata.type", _SETTING) != _SETTING:
            raise bad_request("Property settings in payload has a value that does not match schema.")
        _check_instance(setting.get("settingInstance"))
    approvals.gate(call)
    made = shapes.profile(str(uuid.uuid4()), name, call.now)
    made |= {key: value for key, value in body.items() if key in _NEW - {"settings", "templateReference"}}
    made["settingCount"] = len(settings)
    stored = [setting | {"id": str(index)} for index, setting in enumerate(settings)]
    call.state.profiles[made["id"]] = Profile(made, stored, [])
    return Answer(201, call.context("deviceManagement/configurationPolicies/$entity") | made)


def settings(call: Call) -> Answer:
    """GET configurationPolicies/{id}/settings."""
    profile = _profile(call)
    return call.page(profile.settings, f"deviceManagement/configurationPolicies('{profile.body['id']}')/settings")


def assignments(call: Call) -> Answer:
    """GET configurationPolicies/{id}/assignments."""
    profile = _profile(call)
    return call.page(profile.assignments, f"deviceManagement/configurationPolicies('{profile.body['id']}')/assignments")


def assign(call: Call) -> Answer:
    """POST configurationPolicies/{id}/assign: what is not in the body is gone afterwards."""
    profile = _profile(call)
    body = call.json()
    schema.check_body(body, {"assignments"}, "assign")
    given = body.get("assignments")
    if not isinstance(given, list):
        raise bad_request("The parameter 'assignments' is required.")
    known = frozenset(assignment["target"]["@odata.type"] for assignment in profile.assignments)
    theirs = merged(profile.body["id"], given, known)
    approvals.gate(call)
    profile.assignments = theirs
    profile.body["lastModifiedDateTime"] = graph_time(call.now)
    answer = call.context("Collection(microsoft.graph.deviceManagementConfigurationPolicyAssignment)")
    answer |= {"value": profile.assignments}
    if profile.rivals:
        profile.assignments = profile.rivals.pop(0)
    return Answer(200, answer)


def read_filter(call: Call) -> Answer:
    """GET assignmentFilters/{id}."""
    filter_id = call.parameters["id"].lower()
    if filter_id not in call.state.filters:
        raise GraphError(404, "ResourceNotFound", f"Filter with id '{filter_id}' was not found.")
    whole = shapes.assignment_filter(filter_id, call.state.filters[filter_id])
    shown = schema.choose(whole, call.select, schema.FILTER, "deviceAndAppManagementAssignmentFilter")
    return Answer(200, call.context("deviceManagement/assignmentFilters/$entity") | shown)


def merged(profile_id: str, given: list[Any], known: Container[str]) -> list[Json]:
    """Check assignments as Intune does and drop the second of two with the same type and group.

    `known`: kinds of targets that Intune may have learned since the sandbox was written; they are kept as they are.
    """
    kept: dict[tuple[str, str | None], Json] = {}
    for item in given:
        if not isinstance(item, dict):
            raise bad_request("Property assignments in payload has a value that does not match schema.")
        schema.check_body(item, {"id", "source", "sourceId", "target"}, "deviceManagementConfigurationPolicyAssignment")
        target = _target(item.get("target"), known)
        source = item.get("source") or "direct"
        if source not in {"direct", "policySets"}:
            raise bad_request("Property source in payload has a value that does not match schema.")
        source_id = item.get("sourceId") or profile_id
        key = (target["@odata.type"], target.get("groupId"))
        kept.setdefault(key, shapes.assignment(profile_id, target, source, source_id))
    return list(kept.values())


def _target(target: Any, known: Container[str]) -> Json:
    kind = target.get("@odata.type") if isinstance(target, dict) else None
    if kind not in _TARGETS:
        if kind is not None and kind in known:
            return dict(target)
        raise bad_request("Cannot create an abstract class or an unknown type for the property 'target'.")
    named = _TARGETS[kind]
    schema.check_body(target, {_FILTER_ID, _FILTER_TYPE, *([named] if named else [])}, kind.rpartition(".")[2])
    filter_id = target.get(_FILTER_ID)
    filter_type = target.get(_FILTER_TYPE) or "none"
    if filter_type not in {"none", "include", "exclude"} or (filter_type != "none") != bool(filter_id):
        raise bad_request(f"Property {_FILTER_TYPE} in payload has a value that does not match schema.")
    checked = {"@odata.type": kind, _FILTER_ID: filter_id, _FILTER_TYPE: filter_type}
    if named:
        checked[named] = _named(target.get(named), named)
    return checked


def _named(value: Any, name: str) -> str:
    if not isinstance(value, str) or not (name == "collectionId" or _GUID.fullmatch(value)):
        raise bad_request(f"Property {name} in payload has a value that does not match schema.")
    return value.lower()


def _check_instance(instance: Any) -> None:
    kind = instance.get("@odata.type") if isinstance(instance, dict) else None
    if not isinstance(kind, str) or not kind.startswith("#microsoft.graph.deviceManagementConfiguration"):
        raise bad_request("Cannot create an abstract class: settingInstance needs its '@odata.type'.")
    text_field(instance, "settingDefinitionId")


def _profile(call: Call) -> Profile:
    found = call.state.profiles.get(call.parameters["id"].lower())
    if found is None:
        raise GraphError(404, "ResourceNotFound", f"Policy with id '{call.parameters['id']}' was not found.")
    return found


def _shown(call: Call, profile: Profile) -> Json:
    body = profile.body | {"isAssigned": bool(profile.assignments)}
    shown = schema.choose(body, call.select, schema.PROFILE, "deviceManagementConfigurationPolicy")
    parts = {"assignments": profile.assignments, "settings": profile.settings}
    for name in query.expansions(call.options.get("$expand")):
        if name not in parts:
            raise bad_request(f"Parsing OData Select and Expand failed: Could not find a property named '{name}'.")
        where = f"deviceManagement/configurationPolicies('{body['id']}')/{name}"
        shown[f"{name}@odata.context"] = call.context(where)["@odata.context"]
        shown[name] = parts[name]
    return shown
