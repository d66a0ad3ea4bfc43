"""What each way of the kill test walks that none before it does. The long form holds it against what was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.onboarding.audit.record import Did
from shared.onboarding.statuses import Step


@dataclass(frozen=True, slots=True)
class Walked:
    """Functions of the app that ran, steps that came, and transitions, by the words of the audit."""

    functions: frozenset[str] = frozenset()
    steps: frozenset[Step] = frozenset()
    did: frozenset[Did] = frozenset()

    def __or__(self, other: "Walked") -> "Walked":
        return Walked(self.functions | other.functions, self.steps | other.steps, self.did | other.did)

    def missing_from(self, other: "Walked") -> set[str]:
        """Name what the other has not."""
        lacks = (self.functions - other.functions, self.steps - other.steps, self.did - other.did)
        return {str(one) for kind in lacks for one in kind}


AT_ONCE: Mapping[Step, Did] = {Step.LEAVE: Did.LEFT_GROUP, Step.TELL_MOVE: Did.MOVE_TOLD, Step.TELL: Did.TOLD}
"""Steps that are done in the moment in which they come, and so are seen by what they did."""

WALKED: Mapping[str, Walked] = {
    "collected": Walked(
        frozenset({"hr_event", "issue_pass", "pass_reveal", "scope_web_sign_in", "send_invite", "sweep"}),
        frozenset({Step.NOTICE, Step.INVITE, Step.ISSUE, Step.SCOPE, Step.CHECK_DEVICE, Step.REVIEW}),
        frozenset(
            {
                *(Did.EVENT_PLANNED, Did.NOTICE_GIVEN, Did.IN_SCOPE, Did.DEVICE_LOOKED_AT, Did.LINK_MADE),
                *(Did.LINK_MAILED, Did.PASS_ASKED_FOR, Did.PASS_MADE, Did.OPENED),
            }
        ),
    ),
    "withdrawn": Walked(
        frozenset({"tidy_up"}),
        frozenset({Step.REVOKE, Step.LEAVE, Step.TELL, Step.ERASE}),
        frozenset({Did.EVENT_CANCELLED, Did.PASS_DELETED, Did.JOINING, Did.LEFT_GROUP, Did.TOLD}),
    ),
    "asked": Walked(
        frozenset({"pass_request", "pass_revoke"}),
        frozenset({Step.EXPIRE}),
        frozenset({Did.ASKED_FOR, Did.REVOKED}),
    ),
    "hires-link": Walked(
        frozenset({"pass_code", "pass_reissue", "pass_state", "person_erase"}),
        frozenset({Step.REMIND, Step.FORGET, Step.CHECK_USE, Step.FORGET_PEOPLE}),
        frozenset(
            {
                *(Did.REVIEWED, Did.CODE_WRONG, Did.CODE_RENEWED, Did.CODE_BROUGHT, Did.HIRE_IS_IN, Did.MADE_ANEW),
                *(Did.SEALED_PASS_ERASED, Did.ERASURE_ASKED, Did.PERSONAL_DATA_ERASED, Did.PEOPLE_FORGOTTEN),
            }
        ),
    ),
    "told-by-entra": Walked(
        frozenset({"pass_resend"}),
        frozenset({Step.CHECK_METHODS}),
        frozenset(
            {
                *(Did.EVENT_UPDATED, Did.EVENT_UNCHANGED, Did.RESENT, Did.ENDED, Did.USED),
                Did.OTHER_METHOD_SEEN,
            }
        ),
    ),
    "from-a-table": Walked(
        frozenset({"pass_confirm", "pass_retry", "pass_table"}),
        did=frozenset({Did.WAITS, Did.RELEASED, Did.PUT_BACK_TO_WORK}),
    ),
    "misread": Walked(
        frozenset(
            {
                *("delivery_list", "delivery_show", "delivery_replay", "pass_confirm_all", "pass_list", "pass_status"),
                *("hr_handshake", "openapi", "pass_page", "pass_code_page", "health", "readiness"),
            }
        ),
        frozenset({Step.TELL_HOLD, Step.TELL_MOVE}),
        frozenset(
            {
                *(Did.EVENT_REPLANNED, Did.MOVE_TOLD, Did.EVENT_AFTER_OPENING),
            }
        ),
    ),
}
AFTER_A_DEATH = Walked(
    steps=frozenset({Step.VERIFY}), did=frozenset({Did.PASS_VERIFIED, Did.NO_PASS_MADE, Did.NO_PASS_TO_DELETE})
)
"""What a way comes by only where the worker has died over a request for a pass, or over its deletion."""
NOT_WALKED = frozenset(
    {
        # Graph fails, or the tenant is not as it should be.
        *(Did.MOVE_NOT_TOLD_YET, Did.NOT_TOLD_YET, Did.REVIEW_PUT_OFF, Did.REVOKE_PUT_OFF, Did.VERIFY_PUT_OFF),
        *(Did.LEAVE_PUT_OFF, Did.NOT_JOINED, Did.DEVICE_SIDE_WAITS, Did.METHODS_UNKNOWN, Did.STEP_FAILED),
        # Log and report show less than a sign-in.
        *(Did.USE_NOT_SEEN_YET, Did.NOT_SIGNED_IN, Did.SESSIONS_END),
        # People, thieves and other tools do something meanwhile.
        *(Did.ACCOUNT_FOUND, Did.PEOPLE_CHANGED, Did.HELD_BACK, Did.PASS_OUTDATED, Did.PASS_REPLACED),
        *(Did.PASS_OVERTAKEN, Did.MAIL_OVERTAKEN, Did.ROUTE_SHUT, Did.PRIVILEGE_SEEN, Did.ROW_PUT_ASIDE),
        # The plan alone changes, in one transaction and without a call.
        *(Did.BROUGHT_FORWARD, Did.EVENT_FAILED, Did.EVENT_LONG_PAST, Did.EVENT_AFTER_END, Did.HOURS_GONE_BY),
    }
)
"""Transitions that no way has: what sends an onboarding there is no part of a way that goes well.

In memory the worker is killed there: `tests/model/test_gone_wrong.py`.
"""
