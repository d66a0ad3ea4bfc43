"""The tenant in a readable form, for people, demonstrations and tests. Never a code of a pass."""

import dataclasses
from datetime import datetime

from sandbox.tenant import pass_rules, seed
from sandbox.tenant.state import Json, StoredPass, TenantState
from sandbox.tenant.tenant import Tenant
from sandbox.tenant.times import graph_time


def directory(tenant: Tenant) -> Json:
    """Describe sites, people, hires, groups, devices, the profile, the policy and the knobs."""
    state = tenant.state
    seeded = {person.id: person for person in seed.PEOPLE}
    people = {
        (seeded[key].key if key in seeded else body["userPrincipalName"]): _person(state, body)
        for key, body in state.users.items()
    }
    return {
        "now": graph_time(tenant.clock.now()),
        "settings": seed.app_settings(),
        "sites": [dataclasses.asdict(site) for site in seed.SITES],
        "hires": [
            {"key": p.key, "site": p.site, "timezone": _zone(p.site), "clean": True} | _person(state, state.users[p.id])
            for p in seed.PEOPLE
            if p.clean and p.id in state.users
        ],
        "people": people,
        "groups": {_group_key(g): {"id": g["id"], "name": g["displayName"]} for g in state.groups.values()},
        "devices": [_device(state, device) for device in state.devices.values()],
        "profiles": [p.body | {"settings": p.settings, "assignments": p.assignments} for p in state.profiles.values()],
        "profile": _profile(state),
        "filters": state.filters,
        "approvals": [{"id": asked.id, "status": asked.status, "why": asked.why} for asked in state.approvals],
        "domains": {n: f and f["federatedIdpMfaBehavior"] for n, f in state.domains.items()},
        "passPolicy": state.pass_policy,
        "passes": [_pass(state, held, tenant.clock.now()) for held in state.passes.values()],
        "permissions": sorted(state.permissions | state.exchange),
        "knobs": dataclasses.asdict(state.knobs),
    }


def _device(state: TenantState, device: Json) -> Json:
    of_device = (one for one in state.autopilot if one["azureActiveDirectoryDeviceId"] == device["deviceId"])
    return {
        "id": device["id"],
        "deviceId": device["deviceId"],
        "serial": next((one["serialNumber"] for one in of_device), None),
        "name": device["displayName"],
        "trustType": device["trustType"],
        "build": device["operatingSystemVersion"],
        "online": device["id"] not in state.offline,
        "groups": _groups(state, device["id"]),
    }


def _pass(state: TenantState, held: StoredPass, now: datetime) -> Json:
    return {
        "id": held.id,
        "userId": held.user_id,
        "created": graph_time(held.created),
        "start": graph_time(held.start),
        "lifetimeInMinutes": held.lifetime,
        "isUsableOnce": held.one_time,
        "used": graph_time(held.used) if held.used else None,
        "usability": pass_rules.usability(state, held, now),
    }


def _profile(state: TenantState) -> Json | None:
    found = state.profiles.get(seed.PROFILE_ID)
    return (
        None
        if found is None
        else {"id": found.body["id"], "name": found.body["name"], "assignments": found.assignments}
    )


def _zone(site: str) -> str:
    return next(s.timezone for s in seed.SITES if s.name == site)


def _group_key(group: Json) -> str:
    keys = {seed.stable_id("group", g.key): g.key for g in seed.GROUPS}
    return keys.get(group["id"], str(group["displayName"]))


def _groups(state: TenantState, object_id: str) -> list[Json]:
    return [{"id": g, "name": state.groups[g]["displayName"]} for g, ids in state.members.items() if object_id in ids]


def _person(state: TenantState, body: Json) -> Json:
    above = state.users.get(state.managers.get(body["id"], ""))
    shown: Json = {
        "id": body["id"],
        "name": body["displayName"],
        "upn": body["userPrincipalName"],
        "mail": body["mail"],
        "employeeId": body["employeeId"],
        "office": body["officeLocation"],
        "department": body["department"],
        "created": body["createdDateTime"],
        "enabled": body["accountEnabled"],
        "userType": body["userType"],
        "appRoles": state.app_roles.get(body["id"], []),
        "manager": above and {"id": above["id"], "name": above["displayName"], "upn": above["userPrincipalName"],
                              "mail": above["mail"]},
        "device": None,
        "deviceGroup": None,
    }  # fmt: skip
    key = next((p.key for p in seed.PEOPLE if p.id == body["id"]), None)
    device = state.devices.get(seed.stable_id("deviceObject", key)) if key else None
    if device:
        static = [g for g in _groups(state, device["id"]) if not state.groups[g["id"]]["membershipRule"]]
        shown["device"] = {"id": device["id"], "deviceId": device["deviceId"], "name": device["displayName"]}
        shown["deviceGroup"] = static[0] if static else None
    return shown
