"""What the audit says of a transition: one closed list of words, so that no free text and nobody's name gets in."""
# ruff: noqa: S105 - words for what became of a pass

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Did(StrEnum):
    """What was done. Each has its line in `transitions`."""

    # What an event of a source did; the word behind the colon is the outcome in the event's own record.
    EVENT_PLANNED = "event: planned"
    EVENT_REPLANNED = "event: replanned"
    EVENT_UNCHANGED = "event: unchanged"
    EVENT_UPDATED = "event: updated"
    EVENT_AFTER_OPENING = "event: recorded-after-opening"
    EVENT_AFTER_END = "event: already-ended"
    EVENT_CANCELLED = "event: cancelled"
    EVENT_LONG_PAST = "event: start-long-past"
    EVENT_FAILED = "event: failed"

    # What a person or an app with a role did.
    ASKED_FOR = "asked for"
    RESENT = "resend"
    REVOKED = "revoked"
    RELEASED = "released"
    PUT_BACK_TO_WORK = "put back to work"
    ERASURE_ASKED = "erasure asked for"

    # The way to the pass.
    ACCOUNT_FOUND = "account found"
    NOTICE_GIVEN = "notice given"
    BROUGHT_FORWARD = "brought forward in a wave"
    LINK_MADE = "link made"
    LINK_MAILED = "link mailed"
    ROUTE_SHUT = "route shut"
    MAIL_OVERTAKEN = "mail overtaken by an event"
    MOVE_TOLD = "new hours told"
    MOVE_NOT_TOLD_YET = "new hours not told yet"
    PEOPLE_CHANGED = "account or collector changed"
    PASS_ASKED_FOR = "pass asked for"
    NO_PASS_MADE = "no pass made"
    PASS_MADE = "pass made"
    PASS_VERIFIED = "pass verified"
    PASS_OVERTAKEN = "pass overtaken by an earlier attempt"
    PASS_REPLACED = "another pass has replaced ours"
    VERIFY_PUT_OFF = "verify put off"
    REVIEWED = "reviewed before the window"
    REVIEW_PUT_OFF = "review put off"
    HELD_BACK = "held back"
    PASS_OUTDATED = "pass outdated by the policy"
    WAITS = "waits"
    STEP_FAILED = "step failed"
    ROW_PUT_ASIDE = "altered row put aside"

    # The hand-over and what comes after.
    CODE_WRONG = "wrong pick-up code"
    CODE_RENEWED = "fresh code asked for by its holder"
    CODE_BROUGHT = "pick-up code brought"
    OPENED = "opened"
    MADE_ANEW = "made anew by the collector"
    HIRE_IS_IN = "hire is in"
    SEALED_PASS_ERASED = "sealed pass erased"
    USE_NOT_SEEN_YET = "use not seen yet"
    NOT_SIGNED_IN = "not signed in by the hour"
    PRIVILEGE_SEEN = "privilege seen"
    USED = "used"
    METHODS_UNKNOWN = "other methods not known yet"
    OTHER_METHOD_SEEN = "other method seen"
    SESSIONS_END = "told that sessions end"

    # The end.
    ENDED = "ended"
    HOURS_GONE_BY = "hours gone by"
    PASS_DELETED = "pass deleted"
    NO_PASS_TO_DELETE = "no pass to delete"
    REVOKE_PUT_OFF = "revoke put off"
    TOLD = "told"
    NOT_TOLD_YET = "not told yet"
    PERSONAL_DATA_ERASED = "personal data erased"
    PEOPLE_FORGOTTEN = "people forgotten"

    # The device side.
    IN_SCOPE = "device group in scope"
    JOINING = "device asked into its group"
    NOT_JOINED = "device not added to its group"
    LEFT_GROUP = "device out of the group again"
    LEAVE_PUT_OFF = "leaving the group put off"
    DEVICE_SIDE_WAITS = "device side waits"
    DEVICE_LOOKED_AT = "device looked at"


@dataclass(frozen=True, slots=True)
class Audit:
    """What one transition was, and when: by the app itself, unless an event or a caller is named.

    `why` is a word of another closed enumeration, such as `Reason`. `event` is the hash of an event's id, `caller` the
    object id of the person or app that asked; the stored record has a random id in its place.
    """

    did: Did
    at: datetime
    why: StrEnum | None = field(default=None, kw_only=True)
    event: str = field(default="", kw_only=True)
    caller: str = field(default="", kw_only=True)
