"""How each reason comes about, and how its cause is mended: one scenario for every member of `Reason`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.http import Answer, call
from shared.onboarding.reasons import Reason
from shared.websignin.scope import ROUNDS
from tests.doorways.story import ADMIN, ATTACKER, START, Case, Story
from tests.doorways.test_ad_hoc import asked

PROFILE = "Enable Web Sign-in"
JANA = "jana.hoffmann@larkspur.example"

type Begin = Callable[[Story], Case]
type Mend = Callable[[Case], object]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`begin` makes the world such that the hire comes to the reason; `mend` takes the cause away.

    `life` is where the reason shows: the pass, or the device side. `ends`: it is the end of the onboarding.
    `told`: the desk is mailed. `says`: what the detail must tell. `alone`: it changes the world for everybody, or needs
    a day that others have not.
    """

    begin: Begin
    mend: Mend | None = None
    life: str = "pass"
    ends: bool = False
    told: bool = True
    says: str = ""
    alone: bool = False

    @property
    def waits(self) -> bool:
        """Whether the pass stands in waiting for it."""
        return self.life == "pass" and not self.ends


SCENARIOS: dict[Reason, Scenario] = {}


def scenario(reason: Reason, mend: Mend | None = None, **traits: Any) -> Callable[[Begin], Begin]:
    """Enter the decorated beginning for a reason; `traits` are the other fields of `Scenario`."""

    def enter(begin: Begin) -> Begin:
        assert reason not in SCENARIOS
        SCENARIOS[reason] = Scenario(begin, mend, **traits)
        return begin

    return enter


def user(case: Case, **fields: object) -> None:
    """Change the hire's account."""
    case.story.change("upsert-user", user={"userPrincipalName": case.hire.upn, **fields})


def policy(case: Case, **fields: object) -> None:
    """Change the tenant's Temporary Access Pass policy."""
    case.story.change("set-policy", policy=fields)


def restarted(case: Case, **settings: str) -> None:
    """Start the app anew, with settings changed."""
    case.story.world.restart_host(extra_settings=settings)


# What the event itself makes impossible


def corrected(case: Case) -> None:
    """HR sends the event again, as it should be."""
    case.story.world.advance("PT1M")
    case.story.posts(case.hire, kind="hire.updated")


@scenario(Reason.UNKNOWN_TIMEZONE, corrected, ends=True)
def _(story: Story) -> Case:
    return story.posts(story.newcomer(), timezone="Europe/Bonn")


@scenario(Reason.IMPOSSIBLE_START, corrected, ends=True)
def _(story: Story) -> Case:
    return story.posts(story.newcomer(), start="2030-02-31")


@scenario(Reason.START_LONG_PAST, ends=True, told=False)
def _(story: Story) -> Case:
    hire = story.newcomer()
    story.posts(hire)
    story.world.advance("PT1M")
    return story.posts(hire, start="2030-05-01", kind="hire.updated")


@scenario(Reason.CANCELLED_BY_SOURCE, ends=True, told=False)
def _(story: Story) -> Case:
    hire = story.newcomer()
    story.posts(hire)
    story.world.advance("PT1M")
    return story.posts(hire, kind="hire.cancelled")


# Who the account is


@scenario(
    Reason.ACCOUNT_NOT_FOUND,
    lambda case: user(case, displayName="Nele Neu", employeeId="LK-5001", manager=JANA),
)
def _(story: Story) -> Case:
    hire = story.hire()
    return story.posts(
        type(hire)(
            "nele.neu@larkspur.example",
            "LK-5001",
            "Nele Neu",
            "Berlin",
            "",
            "Sales",
            JANA,
            JANA,
            hire.device,
            hire.group,
        )
    )


@scenario(
    Reason.ACCOUNT_AMBIGUOUS,
    lambda case: case.story.change(
        "upsert-user", user={"userPrincipalName": case.story.hire("lena-doppelt-2").upn, "employeeId": "LK-5002"}
    ),
)
def _(story: Story) -> Case:
    return story.posts(story.hire("lena-doppelt"), userName=None)


@scenario(Reason.ACCOUNT_DISABLED, lambda case: user(case, accountEnabled=True))
def _(story: Story) -> Case:
    return story.posts(story.hire("gesa-gesperrt"))


@scenario(Reason.ACCOUNT_IS_GUEST)
def _(story: Story) -> Case:
    return story.posts(story.hire("gus-gast"))


@scenario(Reason.ACCOUNT_PRIVILEGED, lambda case: case.story.change("remove-roles", principal=case.hire.upn))
def _(story: Story) -> Case:
    return story.posts(story.hire("dana-direkt"))


@scenario(
    Reason.ACCOUNT_PROTECTED,
    lambda case: case.story.change("remove-member", group="Service accounts", member=case.hire.upn),
)
def _(story: Story) -> Case:
    hire = story.newcomer()
    story.change("add-member", group="Service accounts", member=hire.upn)
    return story.posts(hire)


@scenario(Reason.EMPLOYEE_NUMBER_DIFFERS, lambda case: user(case, employeeId=case.hire.employee_id))
def _(story: Story) -> Case:
    return story.posts(story.hire("pia-papierlos"))


@scenario(Reason.ACCOUNT_TOO_OLD, lambda case: case.confirmed(ADMIN))
def _(story: Story) -> Case:
    return story.posts(story.hire("wanda-wieder"))


# Who collects: the chain of settings ends with the manager, or a request names him


@scenario(Reason.MANAGER_MISSING, lambda case: user(case, manager=JANA))
def _(story: Story) -> Case:
    story.world.restart_host(extra_settings={"COLLECTOR_CHAIN": '["manager"]'})
    return story.posts(story.hire("nils-ohnesorge"), manager={"userName": JANA})


@scenario(Reason.MANAGER_WITHOUT_MAILBOX, lambda case: user(case, manager=JANA))
def _(story: Story) -> Case:
    return asked(story, "paula-stumm")


@scenario(Reason.MANAGER_DISABLED, lambda case: user(case, manager=JANA))
def _(story: Story) -> Case:
    return asked(story, "edda-ehemals")


@scenario(Reason.MANAGER_IS_HIRE, lambda case: user(case, manager=JANA))
def _(story: Story) -> Case:
    hire = story.hire()
    story.change("upsert-user", user={"userPrincipalName": hire.upn, "manager": hire.upn})
    return asked(story, "amelie-brandt")


# What the tenant's policy and its present state allow


@scenario(Reason.POLICY_DISABLED, lambda case: policy(case, state="enabled"), alone=True)
def _(story: Story) -> Case:
    story.change("set-policy", policy={"state": "disabled"})
    return story.posts(story.hire())


@scenario(Reason.POLICY_EXCLUDES_ACCOUNT, lambda case: policy(case, excludeTargets=[]))
def _(story: Story) -> Case:
    sales = story.change("upsert-group", group={"displayName": "No passes"})["id"]
    hire = story.newcomer()
    story.change("add-member", group=sales, member=hire.upn)
    story.change("set-policy", policy={"excludeTargets": [{"targetType": "group", "id": sales}]})
    return story.posts(hire)


def graph(story: Story, method: str, path: str, body: object = None) -> Answer:
    """Ask Graph as another tool of the company would."""
    settings = story.world.settings()
    query = f"api-version=2019-08-01&resource={story.world.tenant}/&client_id={settings['AZURE_CLIENT_ID']}"
    header = {"X-IDENTITY-HEADER": settings["IDENTITY_HEADER"]}
    token = call("GET", f"{story.world.tenant}/msi/token?{query}", headers=header).json()["access_token"]
    answer = call(method, story.world.tenant + path, json_body=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status < 300, answer.text()
    return answer


def methods(case: Case) -> str:
    """Return the address of the hire's passes in Graph."""
    return f"/v1.0/users/{case.hire.upn}/authentication/temporaryAccessPassMethods"


def other_pass_gone(case: Case) -> None:
    """The other tool deletes its pass."""
    graph(case.story, "DELETE", f"{methods(case)}/{case.story.passes()[0]['id']}")


@scenario(Reason.OTHER_PASS_LIVE, other_pass_gone, says=f"until {START} 14:00 UTC", alone=True)
def _(story: Story) -> Case:
    case = story.posts(story.hire()).until("invited")
    graph(story, "POST", methods(case), {"startDateTime": f"{START}T06:00:00Z", "lifetimeInMinutes": 480})
    return case


# What stands in the way of the work itself


def permission_granted(case: Case) -> None:
    """An administrator grants it; a managed identity's token lives on for a day, so the app is restarted."""
    case.story.change("grant-permission", permission="RoleManagement.Read.Directory")
    restarted(case)


@scenario(Reason.PERMISSION_MISSING, permission_granted, alone=True)
def _(story: Story) -> Case:
    story.change("revoke-permission", permission="RoleManagement.Read.Directory")
    return story.posts(story.hire())


@scenario(Reason.TENANT_UNAVAILABLE, lambda case: case.story.mended(), told=False, alone=True)
def _(story: Story) -> Case:
    story.fault("/authenticationMethodConfigurations/", "reset")
    return story.posts(story.hire())


@scenario(Reason.TENANT_THROTTLED, lambda case: case.story.mended(), told=False, alone=True)
def _(story: Story) -> Case:
    story.fault("/sendMail", status=429, code="TooManyRequests", retryAfter=30)
    return story.posts(story.hire())


@scenario(Reason.TENANT_REFUSED, lambda case: case.story.mended())
def _(story: Story) -> Case:
    hire = story.newcomer()
    story.fault(f"{story.account(hire)}/transitiveMemberOf", status=400, code="Request_UnsupportedQuery")
    return story.posts(hire)


@scenario(Reason.STEP_FAILED, lambda case: case.retried(ADMIN), ends=True)
def _(story: Story) -> Case:
    case = story.posts(story.newcomer())
    story.world.set_clock(case.read()["plan"]["noticeAt"])
    # What the platform does with a hint whose work has failed five times.
    story.world.storage.queue("send-invite-poison").send_message(case.id)
    story.sweep()
    return case


@scenario(Reason.ROW_ALTERED, corrected, ends=True)
def _(story: Story) -> Case:
    case = story.posts(story.newcomer())
    row = next(row for row in story.rows() if row["RowKey"] == f"o|{case.id}")
    story.world.storage.table("onboardings").upsert_entity({**row, "doc": row["doc"].replace(case.hire.upn, ATTACKER)})
    return case


@scenario(Reason.PAUSED, lambda case: restarted(case, PAUSE_ISSUING="false"), told=False, alone=True)
def _(story: Story) -> Case:
    story.world.restart_host(extra_settings={"PAUSE_ISSUING": "true"})
    return story.posts(story.hire())


@scenario(Reason.OBSERVING, lambda case: restarted(case, MODE="live"), told=False, alone=True)
def _(story: Story) -> Case:
    story.world.restart_host(extra_settings={"MODE": "observe"})
    return story.posts(story.hire())


# How a life ended


@scenario(Reason.NOT_COLLECTED, ends=True, alone=True)
def _(story: Story) -> Case:
    return story.posts(story.hire()).until("issued").until("expired")


@scenario(Reason.NOT_ISSUED, ends=True, alone=True)
def _(story: Story) -> Case:
    case = story.posts(story.hire("gesa-gesperrt"))
    case.until("waiting")
    story.at(f"{START}T16:00:00Z")
    return case.until("expired")


@scenario(Reason.USE_UNKNOWN, ends=True, told=False, alone=True)
def _(story: Story) -> Case:
    case = story.posts(story.hire())
    case.collected()
    case.moves_on()
    story.at(f"{START}T22:00:00Z")
    return case


# The device side


@scenario(Reason.NO_DEVICE_GROUP, lambda case: restarted(case, DEVICE_GROUP=case.hire.group), life="webSignIn")
def _(story: Story) -> Case:
    story.world.restart_host(extra_settings={"DEVICE_GROUP": ""})
    return story.posts(story.hire("grace-nguyen"))


@scenario(
    Reason.DEVICE_GROUP_MISSING,
    lambda case: case.story.change("upsert-group", group={"id": case.hire.group, "displayName": "Back again"}),
    life="webSignIn",
)
def _(story: Story) -> Case:
    hire = story.hire("diego-ramirez")
    story.change("delete-group", group=hire.group)
    return story.posts(hire)


def target(group: str, kind: str = "groupAssignmentTarget", **more: str) -> dict[str, object]:
    """Write one assignment of a profile."""
    return {"target": {"@odata.type": f"#microsoft.graph.{kind}", "groupId": group, **more}}


def assigned(case: Case, *assignments: dict[str, object]) -> None:
    """Another administrator sets the profile's assignments."""
    case.story.change("set-profile", profile=PROFILE, assignments=list(assignments))


def also_assigned(story: Story, assignment: dict[str, object]) -> None:
    """Another administrator adds one to the profile's assignments."""
    known = story.company.directory()["profile"]["assignments"]
    story.change("set-profile", profile=PROFILE, assignments=[*known, assignment])


def group_left_out(case: Case) -> None:
    """Another administrator takes the hire's group out of the profile's assignments."""
    known = case.story.company.directory()["profile"]["assignments"]
    assigned(case, *(one for one in known if one["target"].get("groupId") != case.hire.group))


@scenario(Reason.DEVICE_GROUP_EXCLUDED, group_left_out, life="webSignIn")
def _(story: Story) -> Case:
    hire = story.hire("arjun-kulkarni")
    also_assigned(story, target(hire.group, "exclusionGroupAssignmentTarget"))
    return story.posts(hire)


@scenario(
    Reason.PROFILE_MISSING,
    lambda case: case.story.change("set-profile", profile="Renamed", fields={"name": PROFILE}),
    life="webSignIn",
    alone=True,
)
def _(story: Story) -> Case:
    story.change("set-profile", profile=PROFILE, fields={"name": "Renamed"})
    return story.posts(story.hire())


@scenario(
    Reason.PROFILE_AMBIGUOUS,
    lambda case: restarted(case, WEB_SIGN_IN_PROFILE=case.story.company.directory()["profile"]["id"]),
    life="webSignIn",
    alone=True,
)
def _(story: Story) -> Case:
    story.change("set-profile", profile="Start menu", fields={"name": PROFILE})
    return story.posts(story.hire())


@scenario(
    Reason.PROFILE_NOT_FOR_WINDOWS,
    lambda case: case.story.change("set-profile", profile=PROFILE, fields={"platforms": "windows10"}),
    life="webSignIn",
    alone=True,
)
def _(story: Story) -> Case:
    story.change("set-profile", profile=PROFILE, fields={"platforms": "macOS"})
    return story.posts(story.hire())


@scenario(
    Reason.WEB_SIGN_IN_OFF,
    lambda case: case.story.change("set-profile", profile=PROFILE, enabled="1"),
    life="webSignIn",
    alone=True,
)
def _(story: Story) -> Case:
    story.change("set-profile", profile=PROFILE, enabled="0")
    return story.posts(story.hire())


@scenario(Reason.SCOPE_UNCLEAR, group_left_out, life="webSignIn")
def _(story: Story) -> Case:
    hire = story.hire("talia-leota")
    used = next(iter(story.company.directory()["filters"]))
    filtered = target(
        hire.group,
        deviceAndAppManagementAssignmentFilterId=used,
        deviceAndAppManagementAssignmentFilterType="include",
    )
    also_assigned(story, filtered)
    return story.posts(hire)


@scenario(Reason.ASSIGNMENT_OVERWRITTEN, lambda _: None, life="webSignIn", told=False, alone=True)
def _(story: Story) -> Case:
    # Another tool writes what it believes to be all, directly after each of ours, as often as we try at once.
    story.change("rival-profile", profile=PROFILE, assignments=[], times=ROUNDS)
    return story.posts(story.hire())
