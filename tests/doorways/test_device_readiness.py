"""Is the device ready? Every verdict in one world, with the lock screen agreeing; and the desk's digest of them."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.people import HireOfCompany
from sandbox.tenant.seed import stable_id
from shared.websignin.readiness import ADVICE, Gap, Obstacle, State
from tests.doorways.scenarios import PROFILE, target
from tests.doorways.story import DESK, START, Case, Story

FIRST_LOOK = "2030-05-28T14:00:00Z"
"""Three days before the notice of the Friday, at 16:00 in Berlin."""
SECOND_LOOK = "2030-05-31T10:00:00Z"
DIGEST = "2030-05-31T12:00:00Z"
AUTOPILOT = "DeviceManagementServiceConfig.Read.All"
SERIAL = "PF-TWICE"

type Way = Callable[[Story, str], object]


def same(_: Story, __: str) -> None:
    """Leave all as it is."""


def out_of_berlin(story: Story, device: str) -> None:
    """Take the device out of its group."""
    story.change("remove-member", group="Devices – Berlin", member=device)


def into(group: str) -> Way:
    """Put the device into another group as well."""
    return lambda story, device: story.change("add-member", group=group, member=device)


def into_reception(story: Story, device: str) -> None:
    """Have the device in a group that is assigned with a filter alone, which lets every Surface through."""
    out_of_berlin(story, device)
    into("Devices – Reception")(story, device)


def refused(fault: Mapping[str, Any]) -> Way:
    """Let Graph refuse what it is asked about the device."""
    return lambda story, device: story.fault(f"devices/{object_of(story, device)}/transitiveMemberOf", **fault)


def gone(story: Story, device: str) -> None:
    """Delete the device."""
    story.change("delete-device", device=device)


@dataclass(frozen=True, slots=True)
class Told:
    """How a verdict comes about, and what the lock screen says then; None where it asks for the pass.

    `fields` of the device are other than usual; `device`: what HR tells of it in place of its id.
    """

    why: Obstacle | Gap | None
    lock: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    spoil: Way = same
    device: Mapping[str, str] | None = None

    @property
    def state(self) -> State:
        """Tell the state that goes with it."""
        if self.why is None:
            return State.READY
        return State.NOT_READY if isinstance(self.why, Obstacle) else State.UNKNOWN


LONG_SILENT = {"online": False, "approximateLastSignInDateTime": "2030-04-01T08:00:00Z"}
TOLD: tuple[Told, ...] = (
    Told(None, None),
    Told(None, None, {"operatingSystemVersion": "10.0.22621.2361"}),
    Told(None, None, {"model": "Surface Laptop 6"}, spoil=into_reception),
    Told(Obstacle.DEVICE_MISSING, "unknown-device", spoil=gone),
    Told(Obstacle.NOT_WINDOWS, "no-web-sign-in", {"operatingSystem": "Linux"}),
    Told(Obstacle.HYBRID_JOINED, "not-entra-joined", {"trustType": "ServerAd"}),
    Told(Obstacle.ONLY_REGISTERED, "not-entra-joined", {"trustType": "Workplace"}),
    Told(Obstacle.DEVICE_DISABLED, "device-disabled", {"accountEnabled": False}),
    Told(Obstacle.BUILD_TOO_OLD, "build-too-old", {"operatingSystemVersion": "10.0.22621.2360"}),
    Told(Obstacle.NOT_MANAGED, "no-web-sign-in", {"isManaged": False}),
    Told(Obstacle.NOT_SEEN_LATELY, "no-internet", LONG_SILENT),
    Told(Obstacle.EXCLUDED, "no-web-sign-in", spoil=into("Devices – Kiosks")),
    Told(Obstacle.EXCLUDED, "no-web-sign-in", {"model": "Latitude 5450"}, spoil=into_reception),
    Told(Obstacle.OUTSIDE_SCOPE, "no-web-sign-in", spoil=out_of_berlin),
    Told(Obstacle.PROFILE_NOT_APPLIED, "no-web-sign-in", {"applied": "Error"}),
    Told(Gap.NO_DEVICE_KNOWN, None, device={}),
    Told(Gap.SERIAL_UNKNOWN, None, device={"serialNumber": "PF-NOBODYS"}),
    Told(Gap.SERIAL_TWICE, None, device={"serialNumber": SERIAL}),
    Told(Gap.TENANT_UNAVAILABLE, None, spoil=refused({"status": 429, "retryAfter": 60})),
    Told(Gap.TENANT_REFUSED, None, spoil=refused({"status": 400})),
    Told(Gap.NOT_SHOWN, None, {"operatingSystemVersion": "10.0.22621.2361", "trustType": None}),
    Told(Gap.SCOPE_UNCLEAR, None, spoil=into_reception),
    Told(Gap.PROFILE_PENDING, None, {"applied": "Pending"}),
)
"""What is told of unknown devices the lock screen need not agree with: nobody knows."""
ELSEWHERE = {Obstacle.PROFILE_UNUSABLE, Gap.PERMISSION_MISSING}
"""What befalls all devices of a tenant at once: the test below brings it about by itself."""
IN_A_TEST_OF_ITS_OWN = {Gap.STEP_FAILED}


def object_of(story: Story, device: str) -> str:
    """Return the id of a device's object."""
    devices = story.company.directory()["devices"]
    return str(next(one["id"] for one in devices if one["deviceId"] == device))


def announced(story: Story, told: Told, number: int) -> Case:
    """HR announces a hire with a device of this kind, which IT has put into the group of Berlin."""
    device = str(uuid.uuid5(uuid.NAMESPACE_OID, f"readiness {number}"))
    hire = replace(story.hire(), employee_id=f"LK-7{number:03}", name=f"Starter {number}", device=device)
    story.change("set-device", device=device, fields={"approximateLastSignInDateTime": story.world.now()})
    story.change("add-member", group="Devices – Berlin", member=device)
    story.change("set-device", device=device, fields=dict(told.fields))
    told.spoil(story, device)
    named = {"deviceId": device} if told.device is None else told.device
    answer = story.company.post(story.company.event(hire, START, device=named))
    assert answer.status == 202, answer.text()
    return story.case(hire)


def looked_at(story: Story, case: Case) -> dict[str, Any]:
    """Read what is said of the hire's device."""
    return dict(story.read(case.id)["device"])


def test_every_verdict_agrees_with_the_lock_screen_and_the_desk_hears_in_time(story: Story) -> None:
    """Days ahead, again on the working day before; what befalls all devices, and one mail about them at two o'clock."""
    berlin = target(story.hire().group)
    kiosks = target(str(story.company.directory()["groups"]["devices-kiosks"]["id"]), "exclusionGroupAssignmentTarget")
    reception = next(
        one for one in story.company.directory()["profile"]["assignments"] if "include" in one["target"].values()
    )
    in_order = [berlin, kiosks, reception]
    story.change("set-profile", profile=PROFILE, assignments=in_order)
    for _ in range(2):
        story.change("add-autopilot", serial=SERIAL)
    story.change("grant-permission", permission=AUTOPILOT)
    story.world.restart_host(extra_settings={"DIGEST_AT": "14:00"})
    cases = {case.id: (case, told) for told, case in ((told, announced(story, told, n)) for n, told in enumerate(TOLD))}
    assert {told.why for _, told in cases.values()} | ELSEWHERE | IN_A_TEST_OF_ITS_OWN == {None, *Obstacle, *Gap}

    story.at(FIRST_LOOK)
    for case, told in cases.values():
        seen = looked_at(story, case)
        assert (seen["state"], seen["reason"]) == (told.state, told.why), seen
        assert told.why is None or seen["advice"] == ADVICE[told.why]
        if told.state is not State.UNKNOWN:
            assert lock_screen(story, case.hire) == told.lock, told

    story.mended()
    story.change("set-profile", profile=PROFILE, enabled="0")
    story.later(minutes=31)
    throttled = next(case for case, told in cases.values() if told.why is Gap.TENANT_UNAVAILABLE)
    assert looked_at(story, throttled)["reason"] == Obstacle.PROFILE_UNUSABLE
    assert lock_screen(story, throttled.hire) == "no-web-sign-in"
    story.change("set-profile", profile=PROFILE, enabled="1")

    story.change("revoke-permission", permission=AUTOPILOT)
    story.at(SECOND_LOOK)
    for case in (case for case, told in cases.values() if told.device):
        seen = looked_at(story, case)
        assert (seen["reason"], seen["detail"]) == (Gap.PERMISSION_MISSING, AUTOPILOT)
    assert (looked_at(story, throttled)["state"], lock_screen(story, throttled.hire)) == (State.READY, None)
    assert not [mail for mail in story.mails(DESK) if "starts next" in mail["subject"]]
    hears_of_all(story, len(cases))


def hears_of_all(story: Story, starting: int) -> None:
    """See the desk told once, whatever became of the first answer."""
    story.fault("sendMail", "commit-then-status", status=503)
    story.at(DIGEST)
    story.mended()
    for _ in range(3):
        story.later(minutes=11)
    first, second = (mail for mail in story.mails(DESK) if "starts next" in mail["subject"])
    assert first["text"] == second["text"]
    assert f"{starting} people start, {starting - 6} need a look" in first["subject"]
    assert "Starter 7 · Berlin · Monday 3 June 2030, 09:00" in first["text"]
    assert "Not ready: build-too-old (10.0.22621.2360). Windows is older than build 22621.2361" in first["text"]
    assert first["text"].index("Starter 7 ·") < first["text"].index("Starter 0 ·")


def lock_screen(story: Story, hire: HireOfCompany) -> str | None:
    """Stand before the device with no pass; None: it asks for one, and so has its globe."""
    reason = str(story.company.sign_in(hire, "no pass")["reason"])
    return None if reason == "wrong-pass" else reason


def test_the_device_of_a_hire_who_signs_in_was_said_to_be_ready(story: Story) -> None:
    """Looked at once more before the window; when HR names another device, that is looked at by the next sweep."""
    hire = story.hire()
    case = story.posts(hire, device={"deviceId": hire.device})
    case.until("issued")
    case.opens()
    assert case.read()["device"]["state"] == State.READY
    other = story.posts(hire, kind="hire.updated", device={"deviceId": str(uuid.uuid4())})
    assert other.id == case.id
    story.sweep()
    assert case.read()["device"]["reason"] == Obstacle.DEVICE_MISSING
    code = case.collected()
    case.valid()
    assert case.signs_in(code)["signedIn"]


def test_where_a_filter_decides_the_device_side_follows_the_hires_own_device(story: Story) -> None:
    """All devices but one model: nothing is written, whoever has another is in scope, whoever has that one waits."""
    excluding = {
        "@odata.type": "#microsoft.graph.allDevicesAssignmentTarget",
        "deviceAndAppManagementAssignmentFilterId": stable_id("filter", "hololens"),
        "deviceAndAppManagementAssignmentFilterType": "exclude",
    }
    story.change("set-profile", profile=PROFILE, assignments=[{"target": excluding}])
    expected = {
        "amelie-brandt": ("Latitude 5450", "in-scope", State.READY, None),
        "jonas-keller": ("HoloLens 2", "waiting", State.NOT_READY, "no-web-sign-in"),
    }
    cases = {}
    for key, (model, *_) in expected.items():
        hire = story.hire(key)
        story.change("set-device", device=hire.device, fields={"model": model})
        cases[key] = story.posts(hire, device={"deviceId": hire.device})
    story.at(FIRST_LOOK)
    story.at(cases["amelie-brandt"].read()["plan"]["noticeAt"])
    for key, case in cases.items():
        seen, (_, status, state, lock) = case.read(), expected[key]
        assert (seen["webSignIn"]["status"], seen["device"]["state"]) == (status, state), seen
        assert lock_screen(story, case.hire) == lock
    assert cases["jonas-keller"].read()["webSignIn"]["reason"] == "scope-unclear"
    assert story.asked("POST", "/assign$") == []
