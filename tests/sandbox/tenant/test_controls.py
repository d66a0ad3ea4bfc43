"""Clock, faults, requests, directory and reset."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.clock import SandboxClock
from sandbox.tenant import seed
from sandbox.tenant.faults import KINDS
from sandbox.tenant.operations import OPERATIONS
from sandbox.tenant.times import instant
from tests.sandbox.tenant.client import AMELIE, JANA, NOW, SENDER, Client, device_of, passes

USER = f"/v1.0/users/{AMELIE}"


async def test_the_clock_moves_forward_for_all_readers_of_its_file(client: Client, tmp_path: Path) -> None:
    """Advance and set; what other processes read is the same to the second."""
    await client.advance("P1DT2H")
    await client.control("POST", "clock", {"set": "2030-06-05T07:00:00Z"})
    shown = instant((await client.control("GET", "clock"))["now"])
    read = SandboxClock(tmp_path / "clock").now()
    assert abs((read - shown).total_seconds()) < 2
    assert shown.isoformat().startswith("2030-06-05T07:00:0")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"set": "2029-01-01T00:00:00Z"}, 409),
        ({"set": "2031-01-01T00:00:00"}, 400),
        ({"set": "2031-01-01T00:00:00+02:00"}, 400),
        ({"advance": "2 hours"}, 400),
        ({"advance": "PT"}, 400),
        ({}, 400),
        ({"advance": "PT1S", "set": "2031-01-01T00:00:00Z"}, 400),
        ({"back": "PT1S"}, 400),
        ([], 400),
    ],
)
async def test_the_clock_refuses_what_makes_no_sense(client: Client, body: Any, status: int) -> None:
    """Backwards is 409; anything but one ISO duration or UTC instant is 400."""
    reply = await client.send("POST", "/_sandbox/clock", json=body)
    assert reply.status == status, reply.body


async def test_reset_brings_back_the_seed_and_may_set_the_clock_back(client: Client) -> None:
    """Users, passes, mails, faults, records, knobs and the clock."""
    before = await client.control("GET", "directory")
    await client.make_pass()
    await client.change("delete-user", user=JANA)
    await client.change("set-throttle", limit=1)
    await client.control("POST", "faults", {"path": "x", "kind": "reset"})
    await client.advance("P30D")
    await client.control("POST", "reset", {"now": NOW})
    after = await client.control("GET", "directory")
    assert _ids(after) == _ids(before)
    assert after["passes"] == []
    assert after["knobs"] == before["knobs"]
    assert after["now"].startswith(NOW[:16])
    assert (await client.control("GET", "requests"))["requests"] == []
    assert (await client.control("GET", "faults"))["faults"] == []


def _ids(directory: Any) -> Any:
    return [(key, person["id"], person["manager"]) for key, person in directory["people"].items()]


async def test_another_seed_is_the_same_company_with_other_dates(client: Client) -> None:
    """Ids never change; young accounts are 8 to 20 days old, by the number."""

    async def ages(number: int) -> dict[str, str]:
        await client.control("POST", "reset", {"now": NOW, "seed": number})
        hires = (await client.control("GET", "directory"))["hires"]
        return {hire["id"]: hire["created"][:10] for hire in hires}

    one, two, again = await ages(1), await ages(2), await ages(1)
    assert one == again
    assert one != two
    assert set(one) == set(two)
    assert all("2030-05-12" <= day <= "2030-05-24" for day in one.values())


async def test_the_directory_shows_clean_hires_fit_to_be_used(client: Client) -> None:
    """At each site two or more, each with a manager who has mail, a ready device, and a group not yet in scope."""
    shown = await client.control("GET", "directory")
    assigned = {one["target"].get("groupId") for one in shown["profile"]["assignments"]}
    assert len({hire["timezone"] for hire in shown["hires"]}) == len(seed.SITES)
    for site in seed.SITES:
        here = [hire for hire in shown["hires"] if hire["site"] == site.name]
        assert len(here) >= 2
        for hire in here:
            assert hire["manager"]["mail"]
            assert hire["employeeId"]
            assert hire["device"]["deviceId"]
            assert hire["deviceGroup"]["id"] not in assigned
            assert json.loads(shown["settings"]["SITES"])[site.name]["timezone"] == hire["timezone"]


async def test_a_hires_group_is_the_one_the_settings_lead_to(client: Client) -> None:
    """Site before department before default."""
    shown = await client.control("GET", "directory")
    sites = json.loads(shown["settings"]["SITES"])
    departments = json.loads(shown["settings"]["DEPARTMENT_DEVICE_GROUPS"])
    for hire in shown["hires"]:
        by_department = departments.get(hire["department"], shown["settings"]["DEVICE_GROUP"])
        assert hire["deviceGroup"]["id"] == sites[hire["site"]].get("deviceGroup", by_department), hire["key"]


async def test_requests_are_recorded_without_secrets(client: Client) -> None:
    """Time, method, path, status and body; a code or a link's key nowhere, whatever form it took."""
    code = (await client.make_pass()).body["temporaryAccessPass"]
    key = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"
    content = f'<a href="https://x.example/pass/1#{key}">open</a> {code}'
    message = {
        "body": {"contentType": "html", "content": content},
        "toRecipients": [{"emailAddress": {"address": JANA}}],
    }
    await client.graph("POST", f"/v1.0/users/{SENDER}/sendMail", {"message": message})
    await client.graph("GET", f"/v1.0/users/{key}", {"temporaryAccessPass": code, "nested": [{"pass": code}]})
    await client.make_pass()
    records = (await client.control("GET", "requests"))["requests"]
    assert [(one["method"], one["status"]) for one in records] == [
        ("POST", 201), ("POST", 202), ("GET", 404), ("POST", 201),
    ]  # fmt: skip
    assert code not in json.dumps(records)
    assert key not in json.dumps(records[1])
    assert records[0]["body"] == {"isUsableOnce": False}
    assert records[0]["path"].endswith("/authentication/temporaryAccessPassMethods")
    assert records[0]["at"].startswith(NOW[:16])
    assert abs(records[0]["monotonic"] - time.monotonic()) < 60
    assert (await client.control("GET", f"requests?since={records[-1]['n']}"))["requests"] == []


async def test_a_code_stands_in_no_control_but_the_lock_screen_knows_it(client: Client, tmp_path: Path) -> None:
    """Neither directory nor records nor any file of the tenant shows it."""
    code = (await client.make_pass()).body["temporaryAccessPass"]
    for path in ("directory", "requests", "faults", "inbox"):
        assert code not in json.dumps(await client.control("GET", path))
    assert not _found_in_files(code, tmp_path)


def _found_in_files(text: str, directory: Path) -> bool:
    return any(text.encode() in file.read_bytes() for file in directory.rglob("*") if file.is_file())


async def test_a_status_fault_does_nothing_and_says_so_a_number_of_times(client: Client) -> None:
    """503 with Retry-After twice, by method and path; then the call works again."""
    rule = {
        "method": "post",
        "path": "temporaryAccessPass",
        "kind": "status",
        "status": 503,
        "retryAfter": 7,
        "times": 2,
    }
    await client.control("POST", "faults", rule)
    replies = [await client.make_pass() for _ in range(3)]
    assert [reply.status for reply in replies] == [503, 503, 201]
    assert replies[0].headers["Retry-After"] == "7"
    assert len((await client.control("GET", "directory"))["passes"]) == 1
    assert [one["fault"] for one in (await client.control("GET", "requests"))["requests"]] == ["status", "status", None]


async def test_a_reset_fault_cuts_the_line_before_the_work(client: Client) -> None:
    """The client sees a broken connection, and nothing was made."""
    await client.token()
    await client.control("POST", "faults", {"path": "temporaryAccessPass", "kind": "reset"})
    with pytest.raises(aiohttp.ClientError):
        await client.make_pass()
    assert (await client.control("GET", "directory"))["passes"] == []


async def test_commit_then_time_out_does_the_work_and_never_answers(client: Client) -> None:
    """The pass is there, the client has nothing, and the record has no status."""
    headers = {"Authorization": f"Bearer {await client.token()}"}
    await client.control("POST", "faults", {"path": "temporaryAccessPass", "kind": "commit-then-timeout"})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await client.send("POST", passes(AMELIE), json={"isUsableOnce": False}, headers=headers)
    assert len((await client.control("GET", "directory"))["passes"]) == 1
    assert [one["status"] for one in (await client.control("GET", "requests"))["requests"]] == [0]


async def test_commit_then_time_out_is_bounded(client: Client) -> None:
    """After `seconds` the line is cut even if the client waits."""
    await client.token()
    await client.control("POST", "faults", {"path": ".", "kind": "commit-then-timeout", "seconds": 0.1})
    with pytest.raises(aiohttp.ClientError):
        await client.make_pass()


async def test_commit_then_status_and_malformed_do_the_work(client: Client) -> None:
    """The first answers 504, the second half of a body that no parser takes."""
    await client.token()
    await client.control("POST", "faults", {"path": ".", "kind": "commit-then-status", "status": 504})
    assert (await client.make_pass()).status == 504
    (first,) = (await client.control("GET", "directory"))["passes"]
    await client.control("POST", "faults", {"path": ".", "kind": "malformed"})
    with pytest.raises(json.JSONDecodeError):
        await client.make_pass()
    (second,) = (await client.control("GET", "directory"))["passes"]
    assert first["id"] != second["id"]


async def test_a_slow_fault_waits_and_works(client: Client) -> None:
    """The answer comes, later."""
    await client.token()
    await client.control("POST", "faults", {"path": ".", "kind": "slow", "seconds": 0.2})
    began = time.monotonic()
    assert (await client.make_pass()).status == 201
    assert time.monotonic() - began >= 0.2


async def test_a_silent_fault_does_nothing_and_never_answers(client: Client) -> None:
    """After `seconds` the line is cut, and nothing was made."""
    await client.token()
    await client.control("POST", "faults", {"path": ".", "kind": "silent", "seconds": 0.1})
    with pytest.raises(aiohttp.ClientError):
        await client.make_pass()
    assert (await client.control("GET", "directory"))["passes"] == []


async def test_a_late_commit_does_the_work_when_its_time_has_come_and_not_in_another_world(client: Client) -> None:
    """The client has given up long before; a tenant that was reset meanwhile hears no more of it."""
    headers = {"Authorization": f"Bearer {await client.token()}"}

    async def given_up() -> None:
        await client.control("POST", "faults", {"path": "temporaryAccessPass", "kind": "commit-late", "seconds": 60})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await client.send("POST", passes(AMELIE), json={"isUsableOnce": False}, headers=headers)
        assert (await client.control("GET", "directory"))["passes"] == []

    await given_up()
    await client.control("POST", "clock", {"advance": "PT61S"})
    await asyncio.sleep(0.1)
    assert len((await client.control("GET", "directory"))["passes"]) == 1
    await client.control("POST", "reset", {})
    await given_up()
    await client.control("POST", "reset", {})
    await client.control("POST", "clock", {"advance": "PT61S"})
    await asyncio.sleep(0.1)
    assert (await client.control("GET", "directory"))["passes"] == []


async def test_a_fault_may_be_meant_for_one_client_and_for_a_later_request(client: Client) -> None:
    """By what the client calls its request, and only after so many of those went by."""
    rule = {"path": "users", "trace": "^issue", "kind": "status", "status": 500, "after": 1}
    await client.control("POST", "faults", rule)
    bearer = {"Authorization": f"Bearer {await client.token()}"}
    found = [
        (await client.send("GET", f"/v1.0/users/{JANA}", headers={**bearer, "client-request-id": name})).status
        for name in ("invite", "issue.1", "issue.1", "issue.1")
    ]
    assert found == [200, 200, 500, 200]
    seen = (await client.control("GET", "requests"))["requests"]
    assert [one["trace"] for one in seen] == ["invite", "issue.1", "issue.1", "issue.1"]


async def test_faults_match_the_decoded_path_and_can_be_cleared(client: Client) -> None:
    """A rule for one UPN hits its percent-encoded form; cleared, it is gone."""
    await client.control("POST", "faults", {"path": f"users/{AMELIE}$", "kind": "status", "status": 500, "times": 0})
    encoded = "/v1.0/users/amelie.brandt%40larkspur.example"
    assert (await client.graph("GET", encoded)).status == 500
    assert (await client.graph("GET", f"/v1.0/users/{JANA}")).status == 200
    await client.control("DELETE", "faults")
    assert (await client.graph("GET", encoded)).status == 200


@pytest.mark.parametrize(
    "rule", [{}, {"kind": "fire"}, {"kind": "status"}, {"kind": "reset", "path": "("}, {"kind": "reset", "when": 1}]
)
async def test_a_fault_that_makes_no_sense_is_refused(client: Client, rule: dict[str, Any]) -> None:
    """The answer names the kinds there are."""
    assert (await client.send("POST", "/_sandbox/faults", json=rule)).status == 400
    assert "commit-then-timeout" in KINDS


async def test_an_unknown_operation_lists_the_known_ones(client: Client) -> None:
    """Every operation is named in the answer."""
    reply = await client.send("POST", "/_sandbox/directory", json={"op": "paint"})
    assert reply.status == 400
    assert all(name in reply.body["error"] for name in OPERATIONS)


@pytest.mark.parametrize("op", sorted(OPERATIONS))
async def test_an_operation_without_its_fields_is_refused_or_harmless(client: Client, op: str) -> None:
    """No operation breaks the tenant when it is sent alone."""
    reply = await client.send("POST", "/_sandbox/directory", json={"op": op})
    assert reply.status in {200, 400}
    assert (await client.control("GET", "directory"))["people"]


async def test_several_operations_go_in_one_call(client: Client) -> None:
    """A hire with manager, roles, device and group, visible at once, in one request; gone in another."""
    upn = "nova.hire@larkspur.example"
    user = {"userPrincipalName": upn, "displayName": "Nova Hire", "employeeId": "LK-5", "manager": JANA}
    await client.control("POST", "directory", {"ops": [
        {"op": "upsert-user", "visible": True, "user": user | {"appRoles": ["Pass.Read"], "mailbox": False,
         "onPremisesExtensionAttributes": {"extensionAttribute3": "E5"}}},
        {"op": "set-device", "device": device_of("nova"), "fields": {"displayName": "NOVA-1"}},
        {"op": "add-member", "group": "Devices – Berlin", "member": device_of("nova")},
        {"op": "assign-role", "principal": upn, "role": "Global Administrator"},
    ]})  # fmt: skip
    shown = (await client.control("GET", "directory"))["people"][upn]
    assert (shown["manager"]["upn"], shown["appRoles"], shown["employeeId"]) == (JANA, ["Pass.Read"], "LK-5")
    found = await client.graph("GET", f"/v1.0/users/{upn}", select="onPremisesExtensionAttributes")
    assert found.body["onPremisesExtensionAttributes"]["extensionAttribute3"] == "E5"
    two = {"userPrincipalName": upn, "manager": None, "onPremisesExtensionAttributes": {"extensionAttribute4": "E6"}}
    await client.change("upsert-user", user=two)
    found = await client.graph("GET", f"/v1.0/users/{upn}", select="employeeId,onPremisesExtensionAttributes")
    assert found.body["employeeId"] == "LK-5"
    both = [found.body["onPremisesExtensionAttributes"][f"extensionAttribute{n}"] for n in (3, 4)]
    assert both == ["E5", "E6"]
    assert (await client.control("GET", "directory"))["people"][upn]["manager"] is None
    await client.change("delete-user", user=upn)
    assert (await client.graph("GET", f"/v1.0/users/{upn}")).status == 404


async def test_a_user_with_an_unknown_manager_or_field_is_not_made(client: Client) -> None:
    """An operation that is refused leaves nothing behind."""
    upn = "half.made@larkspur.example"
    for wrong in ({"manager": "nobody@larkspur.example"}, {"colour": "blue"}):
        body = {"op": "upsert-user", "user": {"userPrincipalName": upn} | wrong}
        assert (await client.send("POST", "/_sandbox/directory", json=body)).status == 400
    assert upn not in (await client.control("GET", "directory"))["people"]


async def test_what_entra_would_not_have_cannot_be_set_up(client: Client) -> None:
    """No role for a group that is not role-assignable, and no group inside one that is."""
    impossible = (
        {"op": "assign-role", "principal": "All staff", "role": "Global Administrator"},
        {"op": "make-eligible", "principal": "All staff", "role": "Global Administrator"},
        {"op": "add-member", "group": "IT operations", "member": "All staff"},
    )
    for body in impossible:
        assert (await client.send("POST", "/_sandbox/directory", json=body)).status == 400


def test_the_seed_holds_nothing_entra_would_not_have() -> None:
    """Roles stand on people and on role-assignable groups, and those hold people only."""
    groups = {group.key: group for group in seed.GROUPS}
    holders = {key for key, _, _ in seed.ACTIVE_ROLES + seed.ELIGIBLE_ROLES} & set(groups)
    assert all(groups[key].role_assignable for key in holders)
    assert not {member for group in seed.GROUPS if group.role_assignable for member in group.members} & set(groups)
    assert {"desk-admins", "it-operations"} <= holders


async def test_groups_devices_profiles_and_roles_can_be_taken_away(client: Client) -> None:
    """What the operations add they can remove."""
    await client.change("remove-roles", principal="dana.direkt@larkspur.example")
    await client.change("delete-group", group="Devices – Kiosks")
    await client.change("delete-device", device=device_of("amelie-brandt"))
    await client.change("delete-profile", profile="Start menu")
    await client.change("set-app-roles", user=JANA, roles=["Pass.Admin"])
    await client.change("make-eligible", principal=JANA, role="Global Administrator")
    shown = await client.control("GET", "directory")
    assert "devices-kiosks" not in shown["groups"]
    assert device_of("amelie-brandt") not in [device["deviceId"] for device in shown["devices"]]
    assert [profile["name"] for profile in shown["profiles"]].count("Start menu") == 0
    assert shown["people"]["jana-hoffmann"]["appRoles"] == ["Pass.Admin"]
    roles = await client.graph("GET", "/v1.0/roleManagement/directory/roleAssignments")
    assert seed.stable_id("user", "dana-direkt") not in [one["principalId"] for one in roles.body["value"]]
