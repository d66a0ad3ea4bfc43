"""What a person reads where the lock screen lets nobody in: in the manner of Windows, our own words.

`BACK_TO` tells with which step the dialog goes on: the user's name, the pass, or not at all.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is said, and at which step (`user`, `pass` or `closed`)."""

    words: str
    step: str


_ASK = "Ask your manager or the helpdesk."
REFUSALS = {
    "unknown-device": Refusal("This device is not known to your organisation. Ask the helpdesk.", "closed"),
    "not-entra-joined": Refusal(
        "Web sign-in needs a device that is joined to Microsoft Entra. Sign in another way.", "closed"
    ),
    "build-too-old": Refusal("This version of Windows needs an update before Web sign-in works.", "closed"),
    "no-web-sign-in": Refusal("Your organisation has not turned on Web sign-in for this device.", "closed"),
    "device-disabled": Refusal("Your organisation has disabled this device. Ask the helpdesk.", "closed"),
    "no-internet": Refusal("You’ll need the Internet for this. It doesn’t look like you’re connected.", "closed"),
    "unknown-user": Refusal("We couldn’t find an account with that name. Check it, or ask the helpdesk.", "user"),
    "account-disabled": Refusal("Your account has been disabled. Ask the helpdesk.", "user"),
    "federated-elsewhere": Refusal(
        "You are being taken to your organisation’s own sign-in page. A Temporary Access Pass is not asked for there.",
        "user",
    ),
    "wrong-pass": Refusal(f"That Temporary Access Pass is incorrect. {_ASK}", "pass"),
    "pass-not-yet-valid": Refusal("Your Temporary Access Pass is not valid yet. Try again later.", "pass"),
    "pass-expired": Refusal(f"Your Temporary Access Pass has expired. {_ASK}", "pass"),
    "pass-used": Refusal(f"Your Temporary Access Pass can be used once, and has been. {_ASK}", "pass"),
    "pass-disabled-by-policy": Refusal("Your organisation does not allow this Temporary Access Pass.", "pass"),
}
