"""Builds a fresh tenant state from the seed, dated relative to `now`."""

import random
from datetime import datetime, timedelta

from sandbox.tenant import seed
from sandbox.tenant.graph import access, shapes
from sandbox.tenant.graph.groups import SERVICE_PRINCIPAL
from sandbox.tenant.state import Json, Profile, RoleGrant, TenantState
from sandbox.tenant.times import graph_time

_OFFLINE_SINCE = timedelta(days=30)
"""Before the account was made: so long, and longer, nothing was heard of a device that is offline."""


def fresh_state(now: datetime, number: int = 1) -> TenantState:
    """Seed a tenant as of `now`; `number` varies how old the young accounts are (8 to 20 days)."""
    draw = random.Random(number)
    state = TenantState(
        domains={name: shapes.federation(name, mode) if mode else None for name, mode in seed.DOMAINS.items()},
        pass_policy=shapes.pass_policy(seed.PASS_POLICY),
        filters=dict(seed.FILTERS),
        permissions=set(seed.PERMISSIONS - seed.EXCHANGE),
        exchange=set(seed.EXCHANGE),
    )
    for name, told in seed.ACCESS_POLICIES.items():
        state.access_policies[name] = access.policy(name, now - timedelta(days=400), **told)
    for group in seed.GROUPS:
        _add_group(state, group, now)
    for person in seed.PEOPLE:
        young = person.age < seed.YOUNG_DAYS
        _add_person(state, person, now - timedelta(days=draw.randint(8, 20) if young else person.age))
    _add_members(state)
    _add_roles(state, now)
    _add_profiles(state, now)
    state.mail_scope = {seed.stable_id("user", "day-one")}
    return state


def _add_group(state: TenantState, group: seed.Group, now: datetime) -> None:
    body = shapes.group({
        "id": seed.stable_id("group", group.key),
        "displayName": group.name,
        "createdDateTime": graph_time(now - timedelta(days=800)),
        "isAssignableToRole": True if group.role_assignable else None,
        "groupTypes": ["DynamicMembership"] if group.dynamic_rule else [],
        "membershipRule": group.dynamic_rule,
        "membershipRuleProcessingState": "On" if group.dynamic_rule else None,
    })  # fmt: skip
    state.groups[body["id"]] = body
    state.members[body["id"]] = []
    if group.owner:
        owner = seed.stable_id("servicePrincipal", group.owner)
        state.owners[body["id"]] = [{"@odata.type": SERVICE_PRINCIPAL, "id": owner}]


def _add_person(state: TenantState, person: seed.Person, created: datetime) -> None:
    site = next(site for site in seed.SITES if site.name == person.site)
    given, _, surname = person.name.rpartition(" ")
    mail = person.upn if person.mailbox and not person.guest else None
    body = shapes.user({
        "id": person.id,
        "displayName": person.name,
        "givenName": given,
        "surname": surname,
        "userPrincipalName": person.upn,
        "mail": mail,
        "createdDateTime": graph_time(created),
        "accountEnabled": person.enabled,
        "userType": "Guest" if person.guest else "Member",
        "externalUserState": "Accepted" if person.guest else None,
        "department": person.department,
        "officeLocation": person.site,
        "jobTitle": person.title,
        "employeeId": person.number,
        "preferredLanguage": site.language,
        "usageLocation": site.country,
        "onPremisesExtensionAttributes": shapes.extension_attributes({5: person.number}),
    })  # fmt: skip
    state.users[person.id] = body
    if person.mailbox and not person.guest:
        state.mailboxes.add(person.id)
    if person.manager:
        state.managers[person.id] = seed.stable_id("user", person.manager)
    if person.roles:
        state.app_roles[person.id] = list(person.roles)
    if person.device:
        _add_device(state, person, person.device, created)


def _add_device(state: TenantState, person: seed.Person, device: seed.Device, created: datetime) -> None:
    body = shapes.device({
        "id": seed.stable_id("deviceObject", person.key),
        "deviceId": seed.stable_id("device", person.key),
        "displayName": f"LK-{seed.stable_id('device', person.key)[:6].upper()}",
        "operatingSystemVersion": device.build,
        "trustType": device.trust,
        "model": device.model,
        "accountEnabled": device.enabled,
        "registrationDateTime": graph_time(created),
        "approximateLastSignInDateTime": graph_time(created if device.online else created - _OFFLINE_SINCE),
    })  # fmt: skip
    state.devices[body["id"]] = body
    identity = seed.stable_id("autopilot", person.key)
    state.autopilot.append(shapes.autopilot_identity(identity, seed.serial_of(person.key), body["deviceId"]))
    if person.age >= seed.YOUNG_DAYS:
        state.registered[person.id] = [body["id"]]
    if not device.online:
        state.offline.add(body["id"])
    if device.group:
        state.members[seed.stable_id("group", device.group)].append(body["id"])
    if device.trust != "Workplace":
        state.members[seed.stable_id("group", "devices-all-windows")].append(body["id"])


def _add_members(state: TenantState) -> None:
    for group in seed.GROUPS:
        state.members[seed.stable_id("group", group.key)] += [principal_id(key) for key in group.members]


def principal_id(key: str) -> str:
    """Return the object id of a seeded person or group."""
    kind = "group" if any(group.key == key for group in seed.GROUPS) else "user"
    return seed.stable_id(kind, key)


def _add_roles(state: TenantState, now: datetime) -> None:
    def grants(table: tuple[tuple[str, str, str], ...], kind: str) -> list[RoleGrant]:
        return [
            RoleGrant(seed.stable_id(kind, f"{key}/{role}"), principal_id(key), role, scope, now - timedelta(days=300))
            for key, role, scope in table
        ]

    state.active_roles = grants(seed.ACTIVE_ROLES, "active")
    state.eligible_roles = grants(seed.ELIGIBLE_ROLES, "eligible")


def _add_profiles(state: TenantState, now: datetime) -> None:
    since = now - timedelta(days=200)
    assignments: list[Json] = []
    for kind, group, rule, rule_type, source in seed.ASSIGNMENTS:
        target = {
            "@odata.type": f"#microsoft.graph.{kind}",
            "deviceAndAppManagementAssignmentFilterId": seed.stable_id("filter", rule) if rule else None,
            "deviceAndAppManagementAssignmentFilterType": rule_type,
            "groupId": seed.stable_id("group", group),
        }
        source_id = seed.stable_id("policySet", "rooms") if source == "policySets" else seed.PROFILE_ID
        assignments.append(shapes.assignment(seed.PROFILE_ID, target, source, source_id))
    web = [shapes.choice_setting(shapes.WEB_SIGN_IN, "1")]
    old = seed.stable_id("profile", "web-sign-in-2023")
    other = seed.stable_id("profile", "start-menu")
    for profile in (
        Profile(shapes.profile(seed.PROFILE_ID, "Enable Web Sign-in", since), web, assignments),
        Profile(
            shapes.profile(old, "Enable Web Sign-in (2023 trial)", since),
            [shapes.choice_setting(shapes.WEB_SIGN_IN, "0")],
            [],
        ),
        Profile(
            shapes.profile(other, "Start menu", since),
            [shapes.choice_setting("device_vendor_msft_policy_config_start_hideswitchaccount", "1")],
            [],
        ),
    ):
        state.profiles[profile.body["id"]] = profile
