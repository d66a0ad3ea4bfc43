"""The mails that go out while a pass lives: it is held back, nobody has signed in with it, or it ends too soon."""

from datetime import datetime

from shared.handover.letter import Letter
from shared.handover.parts import Facts, mail, present, right_link
from shared.handover.wording import clock_time, name, when
from shared.tenant.ports import Mail


def held_back(to: str, facts: Facts) -> Mail:
    """Tell whoever collects that something changed since the pass was made, and that the helpdesk knows what."""
    who = name(facts.hire)
    letter = Letter(
        title=f"The pass for {who} is held back",
        lead="Something in the company directory changed since the pass was made. The helpdesk knows what.",
        facts=(("Starts", when(facts.starts_at, facts.zone)),),
        closing=present(
            f"Open the page when {who} is at the new computer: if it shows the pass, all is well again.",
            "If it does not, call the helpdesk.",
            right_link(facts),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="Held back",
        urgent=True,
    )
    return mail(to, f"First sign-in of {who}: held back", letter)


def not_signed_in(to: str, facts: Facts) -> Mail:
    """Tell that the pass was collected and the log, known to be that far, shows no sign-in with it."""
    who = name(facts.hire)
    letter = Letter(
        title=f"{who} has not signed in yet",
        lead=f"The pass for {who} was collected, and the sign-in log shows no sign-in with it so far.",
        facts=(("The pass ends", when(facts.valid_until, facts.zone)),),
        steps=(
            "At the lock screen, choose Sign-in options, then the globe (Web sign-in). It needs the Internet.",
            f"Type the work account of {who}, then the pass. Upper and lower case differ.",
            "No globe? Restart the computer once, with the network plugged in, and look again.",
        ),
        closing=present(
            f"If it still does not work, or {who} is not there, tell the helpdesk today.", right_link(facts)
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="Not signed in",
        urgent=True,
    )
    return mail(to, f"First sign-in of {who}: not signed in yet", letter)


def sessions_end(to: str, facts: Facts, *, none_at: datetime | None) -> Mail:
    """Tell that sessions end with the pass, and no other way to sign in is known of.

    `none_at`: when the directory's report saw none; None where the report cannot tell.
    """
    who, end = name(facts.hire), clock_time(facts.valid_until, facts.zone)
    seen = (
        f"at {clock_time(none_at, facts.zone)} there was no other way to sign in"
        if none_at
        else "whether there is another way to sign in cannot be told yet"
    )
    letter = Letter(
        title=f"{who} may be signed out at {end}",
        lead=f"{who} signed in with the pass, and {seen}.",
        facts=(("The pass ends", when(facts.valid_until, facts.zone)),),
        steps=(
            f"Ask {who} to set up Windows Hello now: Settings, Accounts, Sign-in options, PIN or face.",
            "A passkey or the Microsoft Authenticator, set up under Security info of the account, does as well.",
        ),
        closing=(
            f"Sessions end with the pass that opened them: with nothing else set up, {who} is out at {end}.",
            "Is it done already? Then you need do nothing.",
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker="Before the pass ends",
        urgent=True,
    )
    return mail(to, f"First sign-in of {who}: set up another way to sign in before {end}", letter)
