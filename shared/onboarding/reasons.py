"""Why a hire waits, failed, was ignored or ended: one closed enumeration.

Whatever the product does not do has one of these, stored with the row and shown wherever people look, together with
what a person can do about it.
"""

from collections.abc import Iterable
from enum import StrEnum


class Reason(StrEnum):
    """The stable name of a reason."""

    # What the event itself makes impossible.
    UNKNOWN_TIMEZONE = "unknown-timezone"
    UNKNOWN_SITE = "unknown-site"
    IMPOSSIBLE_START = "impossible-start"
    START_LONG_PAST = "start-long-past"
    CANCELLED_BY_SOURCE = "cancelled-by-source"
    REVOKED = "revoked"

    # What a source does that looks as if somebody else held its secret.
    OVER_HOURLY_LIMIT = "over-hourly-limit"
    OVER_DAILY_LIMIT = "over-daily-limit"
    UNUSUAL_VOLUME = "unusual-volume"
    MOVED_TO_TODAY = "moved-to-today"
    MANY_STARTS_TODAY = "many-starts-today"

    # What keeps a record from being read that an event of the HR system named.
    SOURCE_ACCESS_REFUSED = "source-access-refused"
    SOURCE_UNAVAILABLE = "source-unavailable"
    RECORD_MISSING = "record-missing"
    RECORD_INCOMPLETE = "record-incomplete"

    # Who the account is, and whether an event may lead to a pass for it.
    ACCOUNT_NOT_FOUND = "account-not-found"
    ACCOUNT_AMBIGUOUS = "account-ambiguous"
    ACCOUNT_DISABLED = "account-disabled"
    ACCOUNT_IS_GUEST = "account-is-guest"
    ACCOUNT_PRIVILEGED = "account-privileged"
    ACCOUNT_PROTECTED = "account-protected"
    EMPLOYEE_NUMBER_DIFFERS = "employee-number-differs"
    ACCOUNT_TOO_OLD = "account-too-old"
    RELEASE_NEEDED = "release-needed"
    OWN_REQUEST = "own-request"
    OUTSIDE_PILOT = "outside-pilot"
    OTHER_ONBOARDING_RUNNING = "other-onboarding-running"

    # Who collects.
    MANAGER_MISSING = "manager-missing"
    MANAGER_WITHOUT_MAILBOX = "manager-without-mailbox"
    MANAGER_DISABLED = "manager-disabled"
    MANAGER_IS_HIRE = "manager-is-hire"
    HIRE_MAIL_MISSING = "hire-mail-missing"
    HIRE_MAIL_DIFFERS = "hire-mail-differs"
    HIRE_MAIL_NOT_PRIVATE = "hire-mail-not-private"
    HIRE_MOBILE_MISSING = "hire-mobile-missing"
    HIRE_MOBILE_DIFFERS = "hire-mobile-differs"
    TEXT_NOT_TAKEN = "text-not-taken"
    CONTACT_MISSING = "contact-missing"

    # What the tenant's policy and its present state allow.
    POLICY_DISABLED = "policy-disabled"
    POLICY_EXCLUDES_ACCOUNT = "policy-excludes-account"
    OTHER_PASS_LIVE = "other-pass-live"  # noqa: S105 - no password

    # What stands in the way of the work itself.
    PERMISSION_MISSING = "permission-missing"
    TENANT_UNAVAILABLE = "tenant-unavailable"
    TENANT_THROTTLED = "tenant-throttled"
    TENANT_REFUSED = "tenant-refused"
    STEP_FAILED = "step-failed"
    ROW_ALTERED = "row-altered"
    PAUSED = "paused"
    OBSERVING = "observing"

    # What others hear of a pass that lives.
    OPENED = "opened"
    NOT_OPENED = "not-opened"
    CODE_LOCKED = "code-locked"
    REISSUES_SPENT = "reissues-spent"
    PRIVILEGED_SINCE = "privileged-since"

    # How a life ended, and what has to be said of one that goes well otherwise.
    NOT_COLLECTED = "not-collected"
    NOT_ISSUED = "not-issued"
    USE_UNKNOWN = "use-unknown"
    NOT_SIGNED_IN = "not-signed-in"
    SESSIONS_END = "sessions-end"

    # The device side.
    NO_DEVICE_GROUP = "no-device-group"
    NO_DEVICE_KNOWN = "no-device-known"
    DEVICE_NOT_NAMED = "device-not-named"
    SERIAL_UNKNOWN = "serial-unknown"
    SERIAL_TWICE = "serial-twice"
    DEVICE_MISSING = "device-missing"
    DEVICE_GROUP_NOT_OURS = "device-group-not-ours"
    DEVICE_GROUP_MISSING = "device-group-missing"
    DEVICE_GROUP_EXCLUDED = "device-group-excluded"
    PROFILE_MISSING = "profile-missing"
    PROFILE_AMBIGUOUS = "profile-ambiguous"
    PROFILE_NOT_FOR_WINDOWS = "profile-not-for-windows"
    WEB_SIGN_IN_OFF = "web-sign-in-off"
    SCOPE_UNCLEAR = "scope-unclear"
    ASSIGNMENT_OVERWRITTEN = "assignment-overwritten"
    APPROVAL_NEEDED = "approval-needed"
    APPROVAL_REJECTED = "approval-rejected"
    COMPANION_NOT_IN_SCOPE = "companion-not-in-scope"


ADVICE: dict[Reason, str] = {
    Reason.UNKNOWN_TIMEZONE: "The event names a time zone that does not exist. Correct it in the HR system.",
    Reason.UNKNOWN_SITE: "The event names a site that SITES does not know, so hours and zone are those of no site. Add"
    " it there and retry, correct it in the HR system, or have a Pass.Admin confirm it as it is.",
    Reason.IMPOSSIBLE_START: "The event's start date or time cannot be. Correct it in the HR system.",
    Reason.START_LONG_PAST: "The start lies more than seven days back: recorded, nothing to do.",
    Reason.SOURCE_ACCESS_REFUSED: "The HR system refuses the credentials that HR_SOURCES names, or they may not read"
    " this. Renew them, or widen their rights there; the records are read again by themselves.",
    Reason.SOURCE_UNAVAILABLE: "The HR system gave no usable answer, or asked for a pause. It is asked again by"
    " itself.",
    Reason.RECORD_MISSING: "The HR system named a record and does not have it, or does not show it to this app. If a"
    " hire was taken back there, call it off here, too; else widen the rights of the credentials.",
    Reason.RECORD_INCOMPLETE: "The record does not say yet all that a hire needs: name, employee number, first day. It"
    " is read again by itself, and when it changes.",
    Reason.CANCELLED_BY_SOURCE: "The HR system withdrew the hire. The link is dead and the pass is deleted.",
    Reason.REVOKED: "Somebody entitled to it took the pass back. The link is dead and the pass is deleted.",
    Reason.OVER_HOURLY_LIMIT: "The HR source has sent more hires within an hour than HR_SOURCES allows it, as somebody"
    " with its secret would. Ask HR; if they are right, have a Pass.Admin confirm them, one by one or all at once.",
    Reason.OVER_DAILY_LIMIT: "The HR source has sent more hires within a day than HR_SOURCES allows it, as somebody"
    " with its secret would. Ask HR; if they are right, have a Pass.Admin confirm them, one by one or all at once.",
    Reason.UNUSUAL_VOLUME: "The HR source has sent far more hires within a day than it usually does. Ask HR; if they"
    " are right, have a Pass.Admin confirm them, one by one or all at once.",
    Reason.MOVED_TO_TODAY: "The hire was planned for a later day, and is now said to start within hours. Ask HR; if it"
    " is right, have a Pass.Admin confirm it.",
    Reason.MANY_STARTS_TODAY: "The HR source has named more hires who start within hours than HR_SOURCES allows it in a"
    " day. Ask HR; if they are right, have a Pass.Admin confirm them, one by one or all at once.",
    Reason.RELEASE_NEEDED: "A request by an app, or for the contact or the desk, and a hire whom his own collector let"
    " go on, need a Pass.Admin who is neither requester, recipient nor target: have one release it.",
    Reason.OWN_REQUEST: "Nobody asks for a pass for himself, or for one that he would collect. Let somebody else ask.",
    Reason.OUTSIDE_PILOT: "The account is neither in PILOT_GROUP nor at one of PILOT_SITES, by what Entra holds. It is"
    " looked at again by itself; add it, or end the pilot.",
    Reason.OTHER_ONBOARDING_RUNNING: "Another onboarding of the same account goes first: the one named here. This one"
    " goes on by itself if that ends while its own hours lie ahead.",
    Reason.CONTACT_MISSING: "SITES names no contact for the account's office, or one who has no account or no mailbox."
    " Name one.",
    Reason.NO_DEVICE_KNOWN: "Neither the account's office and department nor its registered devices lead to a device"
    " group that settings name, so no device is known. The pass goes on; Web sign-in may be missing on the device.",
    Reason.ACCOUNT_NOT_FOUND: "No account has this user name or employee number yet. It is looked for again every ten"
    " minutes; create the account, or correct the HR record.",
    Reason.ACCOUNT_AMBIGUOUS: "Several accounts carry this employee number. Leave it on one of them.",
    Reason.ACCOUNT_DISABLED: "The account is disabled. Enable it in Entra.",
    Reason.ACCOUNT_IS_GUEST: "The account is a guest. Guests cannot hold a Temporary Access Pass.",
    Reason.ACCOUNT_PRIVILEGED: "The account holds a directory role, by itself or by a group, now or eligibly."
    " This app makes no pass for such an account; an administrator does so by hand.",
    Reason.ACCOUNT_PROTECTED: "The account is in a group that PROTECTED_GROUPS names. This app makes no pass for it.",
    Reason.EMPLOYEE_NUMBER_DIFFERS: "The account's employee number in Entra is not that of the event. Correct the one"
    " that is wrong, or have a Pass.Admin release the hire.",
    Reason.ACCOUNT_TOO_OLD: "The account is older than ACCOUNT_MAX_AGE_DAYS allows for a new hire. If it is a rehire,"
    " have a Pass.Admin release it.",
    Reason.MANAGER_MISSING: "The account has no manager in Entra, and nobody else may collect. Set the manager.",
    Reason.MANAGER_WITHOUT_MAILBOX: "The manager in Entra has no mail address. Give one, or set another manager.",
    Reason.MANAGER_DISABLED: "The manager's account is disabled. Set another manager in Entra.",
    Reason.MANAGER_IS_HIRE: "The account is its own manager in Entra, and nobody collects for himself. Correct it.",
    Reason.HIRE_MAIL_MISSING: "The HR system names no private address (emails, type home), and the link was to go"
    " there. Have HR send it, or let the chain name somebody else besides.",
    Reason.HIRE_MAIL_DIFFERS: "The private address that the HR system names is not among the account's alternate"
    " addresses in Entra (otherMails). Correct the one that is wrong.",
    Reason.HIRE_MAIL_NOT_PRIVATE: "The private address is one of the company's own domain, so link and code could meet"
    " in one mailbox. Have HR and Entra hold one that is the hire's alone.",
    Reason.HIRE_MOBILE_MISSING: "The HR system names no mobile number (phoneNumbers, type mobile) with its country"
    " code, and the code was to go there. Have HR send it, or let the chain name somebody else besides.",
    Reason.HIRE_MOBILE_DIFFERS: "The mobile number that the HR system names is not the account's in Entra"
    " (mobilePhone), or that one has no country code. Correct the one that is wrong.",
    Reason.TEXT_NOT_TAKEN: "Azure Communication Services did not take the text message with the code. See the log, and"
    " the number; a resend tries it once more.",
    Reason.POLICY_DISABLED: "The tenant's Temporary Access Pass policy is off. Switch it on in Entra: Authentication"
    " methods, Policies, Temporary Access Pass.",
    Reason.POLICY_EXCLUDES_ACCOUNT: "The Temporary Access Pass policy does not target this account. Add it or one of"
    " its groups to the policy's targets.",
    Reason.OTHER_PASS_LIVE: "Another pass, not made by this app, is live for the account. It is left alone; delete it"
    " in Entra or wait for its end.",
    Reason.PERMISSION_MISSING: "The app lacks a permission: the one named, in Microsoft Graph or in Azure. Grant it;"
    " the work goes on by itself.",
    Reason.TENANT_UNAVAILABLE: "Microsoft Graph, or the channel of a message, gave no usable answer. It is tried again"
    " by itself.",
    Reason.TENANT_THROTTLED: "Microsoft Graph, or the channel of a message, asked for a pause. It is tried again by"
    " itself.",
    Reason.TENANT_REFUSED: "Microsoft Graph refused, in the words given. Mend that, then retry.",
    Reason.STEP_FAILED: "A step failed again and again. Find the error in the log by this id, then retry.",
    Reason.ROW_ALTERED: "Something other than this app changed the stored row, so nothing in it is believed and nobody"
    " gets a pass by it. Find out who can write to the storage account, and delete the account's pass in Entra if there"
    " is one. Then let HR send the event again, or ask for a pass by hand.",
    Reason.PAUSED: "PAUSE_ISSUING is on: no links and no passes until it is off.",
    Reason.OBSERVING: "MODE is observe: planned and checked, and nothing is made.",
    Reason.OPENED: "Somebody with the link and its proof has opened the pass. If that was not the one whom it is for,"
    " revoke it.",
    Reason.NOT_OPENED: "Nobody has opened the pass half an hour before the start. The link stays right until somebody"
    " asks for a fresh one: call whoever collects first.",
    Reason.CODE_LOCKED: "Five wrong pick-up codes were brought with the hire's link, and no code is taken with it any"
    " more. Call the hire: was it them? Then resend it, which makes a fresh link and a fresh code; or let the manager"
    " collect.",
    Reason.REISSUES_SPENT: "The collector had the pass made anew as often as may be. Something else is wrong: call them"
    " and the hire.",
    Reason.PRIVILEGED_SINCE: "Since the pass was collected the account has come to hold a directory role, or to be in a"
    " group that PROTECTED_GROUPS names. The pass still works: if that must not be, revoke it.",
    Reason.NOT_COLLECTED: "Nobody collected the pass before it ended. Ask whether the hire has come.",
    Reason.NOT_ISSUED: "The day went by before a pass could be made, for the reason named before.",
    Reason.USE_UNKNOWN: "Collected; the sign-in log shows no use, which is not proof that there was none.",
    Reason.NOT_SIGNED_IN: "The pass was collected, and the sign-in log shows no sign-in with it. Ask the hire, and help"
    " at the lock screen.",
    Reason.SESSIONS_END: "The hire's sessions end with the pass, and no other authentication method is known of. Have"
    " Windows Hello or a passkey set up before.",
    Reason.NO_DEVICE_GROUP: "Neither the site nor the department nor DEVICE_GROUP names a device group. Set one.",
    Reason.DEVICE_NOT_NAMED: "Neither HR nor the account's registered devices name a device, so none can join the"
    " group. Have HR send device.serialNumber or device.deviceId; where devices enrol on day one by device preparation,"
    " name its policy's group in DEVICE_PREPARATION_GROUP. It is looked for again by itself.",
    Reason.SERIAL_UNKNOWN: "No Autopilot device has the serial number that HR names. Correct it in the HR system, or"
    " register the device in Intune: Devices, Enrolment, Windows Autopilot, Devices.",
    Reason.SERIAL_TWICE: "Several Autopilot devices have the serial number that HR names. Delete the stale one in"
    " Intune, or have HR send device.deviceId.",
    Reason.DEVICE_MISSING: "Entra has no object for the hire's device: it was deleted, or HR names another. Correct the"
    " id in the HR system, or register the device anew. Until then Web sign-in may be missing on it.",
    Reason.DEVICE_GROUP_NOT_OURS: "The device is not in its group, which is in scope, and members of that group are not"
    " for this app to add. Mend its rule or add the device where its members come from, or name a group with assigned"
    " members.",
    Reason.DEVICE_GROUP_MISSING: "The device group in settings is not a group in Entra. Correct the setting.",
    Reason.DEVICE_GROUP_EXCLUDED: "The device group is excluded from the Web sign-in profile. Take the exclusion away"
    " in Intune, or name another group.",
    Reason.PROFILE_MISSING: "Intune has no profile by the id or name in WEB_SIGN_IN_PROFILE. Create it, correct it, or"
    " let the app make it with MAKE_PROFILES.",
    Reason.PROFILE_AMBIGUOUS: "Several Intune profiles have the name in WEB_SIGN_IN_PROFILE. Put the id there.",
    Reason.PROFILE_NOT_FOR_WINDOWS: "The Web sign-in profile is not one for Windows 10 and later. Name another.",
    Reason.WEB_SIGN_IN_OFF: "The profile does not enable Web sign-in. Set Enable Web Sign-In to Enabled in it.",
    Reason.SCOPE_UNCLEAR: "By an assignment filter it depends on the very device whether it is in scope, and no filter"
    " is the app's to change. Look at what is told of the hire's device, or in Intune; or name another group.",
    Reason.APPROVAL_NEEDED: "Intune holds the assignment back until another administrator approves the request named"
    " here: Tenant administration → Multi Admin Approval. It is looked at every ten minutes; the pass goes on.",
    Reason.APPROVAL_REJECTED: "An administrator rejected the assignment in Intune. Ask why; assign the device group by"
    " hand, or put the onboarding back to work, which asks once more, an hour after the rejection at the earliest.",
    Reason.COMPANION_NOT_IN_SCOPE: "Web sign-in is there, but the profile in WEB_SIGN_IN_COMPANION does not reach the"
    " device group, so Web sign-in may stay the default at the lock screen. It is tried again by itself; mend what is"
    " named here.",
    Reason.ASSIGNMENT_OVERWRITTEN: "Somebody else changed the profile's assignments at the same time. It is tried"
    " again by itself.",
}

PASSED_OVER: dict[Reason, str] = {
    Reason.MANAGER_MISSING: "the account has no manager in Entra",
    Reason.MANAGER_WITHOUT_MAILBOX: "the manager in Entra has no mail address",
    Reason.MANAGER_DISABLED: "the manager's account is disabled",
    Reason.MANAGER_IS_HIRE: "the account is its own manager in Entra",
    Reason.HIRE_MAIL_MISSING: "the HR system names no private address of the hire",
    Reason.HIRE_MAIL_DIFFERS: "the hire's private address in the HR system is none that Entra holds",
    Reason.HIRE_MAIL_NOT_PRIVATE: "the hire's private address is one of the company's own domain",
    Reason.HIRE_MOBILE_MISSING: "the HR system names no mobile number of the hire",
    Reason.HIRE_MOBILE_DIFFERS: "the hire's mobile number in the HR system is not the one that Entra holds",
    Reason.TEXT_NOT_TAKEN: "the text message with the code was not taken",
    Reason.CONTACT_MISSING: "SITES names no contact for the office who could",
}
"""Why somebody of the chain is passed over, as the rest of a sentence."""

HOLDS = (
    Reason.OVER_HOURLY_LIMIT,
    Reason.OVER_DAILY_LIMIT,
    Reason.UNUSUAL_VOLUME,
    Reason.MOVED_TO_TODAY,
    Reason.MANY_STARTS_TODAY,
    Reason.UNKNOWN_SITE,
)
"""What holds a hire of an HR source back until a Pass.Admin lets it go, in the order in which it is shown."""

RELEASABLE = frozenset({Reason.EMPLOYEE_NUMBER_DIFFERS, Reason.ACCOUNT_TOO_OLD, Reason.RELEASE_NEEDED})
"""What a Pass.Admin may set aside. Privileged, protected, guest and disabled accounts never are."""


def passed_over(reasons: Iterable[Reason]) -> str:
    """Say why those of the chain were passed over, as the rest of a sentence; empty where nobody was."""
    return ", and ".join(PASSED_OVER[reason] for reason in dict.fromkeys(reasons))
