"""The lock screen: in, or exactly why not; and what the sign-in log shows of it."""

from typing import Any

import pytest

from sandbox.tenant import seed
from shared.websignin.body import companion_body
from tests.sandbox.tenant.client import AMELIE, Client, device_of

DEVICE = device_of("amelie-brandt")
REPORT = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
CATALOG = "/beta/deviceManagement/configurationPolicies"
PROFILE = f"{CATALOG}/{seed.PROFILE_ID}"
BERLIN = seed.stable_id("group", "devices-berlin")
INCLUDED = {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": BERLIN}
EXCLUDED = {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": BERLIN}


async def assign(client: Client, *targets: dict[str, Any]) -> None:
    """Give the profile these targets and no others."""
    body = {"assignments": [{"target": target} for target in targets]}
    assert (await client.graph("POST", f"{PROFILE}/assign", body)).status == 200


@pytest.fixture
async def code(client: Client) -> str:
    """Make everything ready for Amélie: pass and profile."""
    await assign(client, INCLUDED)
    return str((await client.make_pass(lifetimeInMinutes=600)).body["temporaryAccessPass"])


async def test_everything_right_signs_in_again_and_again(client: Client, code: str) -> None:
    """A multi-use pass works after the reboot too."""
    assert await client.lock_screen(AMELIE, code, DEVICE) == "in"
    assert (await client.control("GET", f"devices/{DEVICE}"))["session"]["user"] == AMELIE
    assert await client.control("POST", f"devices/{DEVICE}/reboot") == {"reboots": 1}
    assert (await client.control("GET", f"devices/{DEVICE}"))["session"] is None
    assert await client.lock_screen(AMELIE, code, DEVICE) == "in"


async def test_a_one_time_pass_works_once(client: Client, code: str) -> None:
    """The second sign-in fails, and Graph says OneTimeUsed."""
    code = (await client.make_pass(isUsableOnce=True)).body["temporaryAccessPass"]
    assert [await client.lock_screen(AMELIE, code, DEVICE) for _ in range(2)] == ["in", "pass-used"]
    passes = (await client.control("GET", "directory"))["passes"]
    assert [one["usability"] for one in passes] == ["OneTimeUsed"]


async def test_a_session_ends_with_its_pass(client: Client, code: str) -> None:
    """Deleting or replacing the pass, or its end, throws the person out."""
    assert await client.lock_screen(AMELIE, code, DEVICE) == "in"
    await client.make_pass()
    assert (await client.control("GET", f"devices/{DEVICE}"))["session"] is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"trustType": "ServerAd"}, "not-entra-joined"),
        ({"trustType": "Workplace"}, "not-entra-joined"),
        ({"accountEnabled": False}, "device-disabled"),
        ({"operatingSystemVersion": "10.0.22621.2360"}, "build-too-old"),
        ({"operatingSystemVersion": "10.0.19045.5000"}, "build-too-old"),
        ({"operatingSystemVersion": None}, "build-too-old"),
        ({"operatingSystemVersion": "10.0.22621.2361"}, "in"),
        ({"online": False}, "no-internet"),
    ],
)
async def test_the_device_decides_first(client: Client, code: str, fields: dict[str, Any], reason: str) -> None:
    """Trust, state, build (from 22621.2361) and the Internet."""
    await client.change("set-device", device=DEVICE, fields=fields)
    assert await client.lock_screen(AMELIE, code, DEVICE) == reason


async def test_an_unknown_device_is_said_to_be_unknown(client: Client, code: str) -> None:
    """A device the tenant does not have."""
    assert await client.lock_screen(AMELIE, code, seed.stable_id("device", "nobody")) == "unknown-device"


@pytest.mark.parametrize(
    ("targets", "reason"),
    [
        ([], "no-web-sign-in"),
        ([INCLUDED, EXCLUDED], "no-web-sign-in"),
        ([{"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}], "in"),
        ([{"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}, EXCLUDED], "no-web-sign-in"),
        ([{"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}], "in"),
    ],
)
async def test_the_profile_must_reach_the_device(
    client: Client, code: str, targets: list[dict[str, Any]], reason: str
) -> None:
    """By group or for all devices; an exclusion beats every inclusion."""
    await assign(client, *targets)
    assert await client.lock_screen(AMELIE, code, DEVICE) == reason


@pytest.mark.parametrize(
    ("kind", "model", "reason"),
    [
        ("include", "Surface Laptop 6", "in"),
        ("include", "Latitude 5450", "no-web-sign-in"),
        ("exclude", "Surface Laptop 6", "no-web-sign-in"),
        ("exclude", "Latitude 5450", "in"),
    ],
)
async def test_a_filter_is_evaluated_on_the_device(
    client: Client, code: str, kind: str, model: str, reason: str
) -> None:
    """An include filter lets matching devices through, an exclude filter the others."""
    rule = seed.stable_id("filter", "surface")
    name = "deviceAndAppManagementAssignmentFilter"
    await assign(client, INCLUDED | {f"{name}Id": rule, f"{name}Type": kind})
    await client.change("set-device", device=DEVICE, fields={"model": model})
    assert await client.lock_screen(AMELIE, code, DEVICE) == reason


async def test_a_filter_narrows_all_devices_too(client: Client, code: str) -> None:
    """On all devices as on a group; one that lets every joined device through is none."""
    name, everything = "deviceAndAppManagementAssignmentFilter", "#microsoft.graph.allDevicesAssignmentTarget"
    rules = {
        '(device.deviceTrustType -eq "Azure AD joined") and (device.operatingSystemVersion -ge 10.0.22000)': "in",
        '(device.deviceTrustType -in ["Hybrid Azure AD joined"]) or not (device.osVersion -contains "10.0")':
            "no-web-sign-in",
    }  # fmt: skip
    for rule, reason in rules.items():
        made = (await client.change("set-filter", rule=rule))["id"]
        await assign(client, {"@odata.type": everything, f"{name}Id": made, f"{name}Type": "include"})
        assert await client.lock_screen(AMELIE, code, DEVICE) == reason


@pytest.mark.parametrize(
    ("on_group", "on_all", "reason"),
    [
        (("none", ""), ("exclude", "Surface"), "no-web-sign-in"),
        (("none", ""), ("exclude", "Latitude"), "in"),
        (("none", ""), ("include", "Latitude"), "in"),
        (("include", "Latitude"), ("exclude", "Latitude"), "in"),
        (("include", "Latitude"), ("include", "Surface"), "in"),
        (("exclude", "Latitude"), ("exclude", "Surface"), "no-web-sign-in"),
    ],
)
async def test_of_filters_that_differ_in_mode_one_mode_decides(
    client: Client, code: str, on_group: tuple[str, str], on_all: tuple[str, str], reason: str
) -> None:
    """An exclude filter wins over none, and that over an include filter; of one mode one match is enough."""
    await client.change("set-device", device=DEVICE, fields={"model": "Surface Laptop 6"})
    name, targets = "deviceAndAppManagementAssignmentFilter", []
    everything = {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}
    for target, (mode, model) in ((INCLUDED, on_group), (everything, on_all)):
        rule = (await client.change("set-filter", rule=f'(device.model -startsWith "{model}")'))["id"]
        targets.append(target | ({f"{name}Id": rule, f"{name}Type": mode} if model else {}))
    await assign(client, *targets)
    assert await client.lock_screen(AMELIE, code, DEVICE) == reason


async def test_a_target_of_an_unknown_kind_reaches_nothing(client: Client, code: str) -> None:
    """Better no globe than one that nobody can explain."""
    new = {"@odata.type": "#microsoft.graph.futureTarget", "groupId": INCLUDED["groupId"]}
    await client.change("set-profile", profile=seed.PROFILE_ID, assignments=[{"target": new}])
    assert await client.lock_screen(AMELIE, code, DEVICE) == "no-web-sign-in"


async def test_a_profile_in_scope_assigns_what_the_lock_screen_offers_first(client: Client, code: str) -> None:
    """Else Windows chooses, and stays with Web sign-in once it was used."""

    async def first() -> str | None:
        found: str | None = (await client.control("GET", f"devices/{DEVICE}"))["defaultProvider"]
        return found

    assert await first() is None
    assert await client.lock_screen(AMELIE, code, DEVICE) == "in"
    assert await first() == "{C5D7540A-CD51-453B-B22B-05305BA03F07}"
    made = await client.graph("POST", CATALOG, companion_body("Default sign-in", "password"))
    assert await first() == "{C5D7540A-CD51-453B-B22B-05305BA03F07}"
    body = {"assignments": [{"target": INCLUDED}]}
    assert (await client.graph("POST", f"{CATALOG}/{made.body['id']}/assign", body)).status == 200
    assert await first() == "{60B78E88-EAD8-445C-9CFD-0B87F74EA6CD}"


async def test_a_nested_group_reaches_its_devices(client: Client, code: str) -> None:
    """Membership counts at any depth; a device out of its group is out of scope."""
    group = (await client.change("upsert-group", group={"displayName": "Outer"}))["id"]
    await client.change("add-member", group=group, member="Devices – Berlin")
    await assign(client, INCLUDED | {"groupId": group})
    assert await client.lock_screen(AMELIE, code, DEVICE) == "in"
    await client.change("remove-member", group="Devices – Berlin", member=DEVICE)
    assert await client.lock_screen(AMELIE, code, DEVICE) == "no-web-sign-in"


@pytest.mark.parametrize("choice", ["0", "2", None])
async def test_the_setting_must_be_on(client: Client, code: str, choice: str | None) -> None:
    """A profile in scope with the setting off, or without it, enables nothing."""
    await client.change("set-profile", profile=seed.PROFILE_ID, enabled=choice)
    assert await client.lock_screen(AMELIE, code, DEVICE) == "no-web-sign-in"


async def test_the_user_must_be_known_enabled_and_not_federated_elsewhere(client: Client, code: str) -> None:
    """Unknown, disabled, or sent to the domain's own identity provider; acceptIfMfaDone… is fine."""
    assert await client.lock_screen("nobody@larkspur.example", code, DEVICE) == "unknown-user"
    await client.change("upsert-user", user={"userPrincipalName": AMELIE, "accountEnabled": False})
    assert await client.lock_screen(AMELIE, code, DEVICE) == "account-disabled"
    await client.change("upsert-user", user={"userPrincipalName": AMELIE, "accountEnabled": True})
    for behaviour, reason in (
        ("enforceMfaByFederatedIdp", "federated-elsewhere"),
        ("acceptIfMfaDoneByFederatedIdp", "in"),
    ):
        await client.change("set-domain", domain=seed.DOMAIN, federation={"federatedIdpMfaBehavior": behaviour})
        assert await client.lock_screen(AMELIE, code, DEVICE) == reason


async def test_the_pass_must_be_right_valid_and_allowed(client: Client, code: str) -> None:
    """Wrong, replaced, blocked by the policy, not yet valid, expired."""
    assert await client.lock_screen(AMELIE, code + "x", DEVICE) == "wrong-pass"
    assert await client.lock_screen(AMELIE, "", DEVICE) == "wrong-pass"
    await client.change("set-policy", policy={"isUsableOnce": True})
    assert await client.lock_screen(AMELIE, code, DEVICE) == "pass-disabled-by-policy"
    await client.change("set-policy", policy={"isUsableOnce": False})
    made = await client.make_pass(startDateTime="2030-06-01T12:00:00Z", lifetimeInMinutes=60)
    new = made.body["temporaryAccessPass"]
    assert await client.lock_screen(AMELIE, code, DEVICE) == "wrong-pass"
    seen = []
    for step in ("PT0S", "PT3H", "PT1H"):
        await client.advance(step)
        seen.append(await client.lock_screen(AMELIE, new, DEVICE))
    assert seen == ["pass-not-yet-valid", "in", "pass-expired"]


async def test_anothers_pass_is_a_wrong_pass(client: Client, code: str) -> None:
    """A pass belongs to one user."""
    assert await client.lock_screen("jonas.keller@larkspur.example", code, DEVICE) == "wrong-pass"


async def _log(client: Client, version: str = "beta", since: str = "2030-06-01T00:00:00Z") -> list[dict[str, Any]]:
    user = seed.stable_id("user", "amelie-brandt")
    wanted = f"userId eq '{user}' and createdDateTime ge {since}"
    reply = await client.graph("GET", f"/{version}/auditLogs/signIns", filter=wanted)
    assert reply.status == 200, reply.body
    return list(reply.body["value"])


async def test_a_sign_in_shows_in_the_log_two_minutes_later(client: Client, code: str) -> None:
    """With the method, newest first; a refused pass shows as failed, a device's refusal not at all."""
    assert await client.lock_screen(AMELIE, code, DEVICE) == "in"
    assert await client.lock_screen(AMELIE, "wrong", DEVICE) == "wrong-pass"
    await client.change("set-device", device=DEVICE, fields={"online": False})
    assert await client.lock_screen(AMELIE, code, DEVICE) == "no-internet"
    assert await _log(client) == []
    await client.advance("PT2M")
    failed, good = await _log(client)
    assert failed["status"]["errorCode"] != 0
    assert good["status"]["errorCode"] == 0
    assert good["deviceDetail"]["deviceId"] == DEVICE
    (step,) = good["authenticationDetails"]
    assert (step["authenticationMethod"], step["succeeded"]) == ("Temporary Access Pass", True)
    assert await _log(client, since="2030-06-01T09:10:00Z") == []


async def test_only_beta_shows_the_method(client: Client, code: str) -> None:
    """v1.0 has the sign-in, not authenticationDetails."""
    await client.change("set-sign-in-delay", seconds=0)
    assert await client.lock_screen(AMELIE, code, DEVICE) == "in"
    (entry,) = await _log(client, "v1.0")
    assert "authenticationDetails" not in entry


async def test_the_log_needs_p1(client: Client) -> None:
    """Without P1 there is no answer, which is not the same as no sign-in or no method."""
    await client.change("set-p1", present=False)
    for path in ("/beta/auditLogs/signIns", REPORT):
        reply = await client.graph("GET", path)
        assert (reply.status, reply.code) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")


async def _registered(client: Client) -> dict[str, Any]:
    reply = await client.graph("GET", REPORT, filter=f"userPrincipalName eq '{AMELIE}'")
    (found,) = reply.body["value"]
    return dict(found)


async def test_a_method_set_up_shows_in_the_report_minutes_later(client: Client, code: str) -> None:
    """Only who is signed in can set one up; the report says of when it is."""
    method = {"op": "register-method", "user": AMELIE, "method": "windowsHelloForBusiness"}
    assert (await client.send("POST", "/_sandbox/directory", json=method)).status == 400
    assert await client.lock_screen(AMELIE, code, DEVICE) == "in"
    await client.control("POST", "directory", method)
    before = await _registered(client)
    assert (before["lastUpdatedDateTime"][:16], before["methodsRegistered"]) == ("2030-06-01T08:50", [])
    await client.advance("PT11M")
    assert "windowsHelloForBusiness" in (await _registered(client))["methodsRegistered"]


async def test_the_report_shows_the_pass_itself(client: Client) -> None:
    """As long as the pass lives; it is no other method."""
    assert (await client.make_pass(lifetimeInMinutes=600)).status == 201
    await client.change("set-report-delay", seconds=0)
    assert (await _registered(client))["methodsRegistered"] == ["temporaryAccessPass"]
    await client.advance("PT11H")
    assert (await _registered(client))["methodsRegistered"] == []
