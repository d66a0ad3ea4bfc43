"""The mails that go out while a pass lives: it is held back, nobody has signed in with it, or it ends too soon."""

from datetime import datetime

from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import Facts, mail, present, right_link
from shared.handover.wording import name
from shared.languages.voice import clock_time
from shared.tenant.ports.mail import Mail


def held_back(to: str, facts: Facts) -> Mail:
    """Tell whoever collects that something changed since the pass was made, and that the helpdesk knows what."""
    say, who = facts.voice.say, name(facts.hire)
    letter = Letter(
        title=say("The pass for {who} is held back", who=who),
        lead=say("Something in the company directory changed since the pass was made. The helpdesk knows what."),
        facts=((say("Starts"), facts.voice.when(facts.starts_at, facts.zone)),),
        closing=present(
            say("Open the page when {who} is at the new computer: if it shows the pass, all is well again.", who=who),
            say("If it does not, call the helpdesk."),
            right_link(facts),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Held back"),
        urgent=True,
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: held back", who=who), letter)


def not_signed_in(to: str, facts: Facts) -> Mail:
    """Tell that the pass was collected and the log, known to be that far, shows no sign-in with it."""
    say, who = facts.voice.say, name(facts.hire)
    letter = Letter(
        title=say("{who} has not signed in yet", who=who),
        lead=say("The pass for {who} was collected, and the sign-in log shows no sign-in with it so far.", who=who),
        facts=((say("The pass ends"), facts.voice.when(facts.valid_until, facts.zone)),),
        steps=(
            say("At the lock screen, choose Sign-in options, then the globe (Web sign-in). It needs the Internet."),
            say("Type the work account of {who}, then the pass. Upper and lower case differ.", who=who),
            say("No globe? Restart the computer once, with the network plugged in, and look again."),
        ),
        closing=present(
            say("If it still does not work, or {who} is not there, tell the helpdesk today.", who=who),
            right_link(facts),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Not signed in"),
        urgent=True,
        voice=facts.voice,
    )
    return mail(to, say("First sign-in of {who}: not signed in yet", who=who), letter)


def sessions_end(to: str, facts: Facts, *, none_at: datetime | None) -> Mail:
    """Tell that sessions end with the pass, and no other way to sign in is known of.

    `none_at`: when the directory's report saw none; None where the report cannot tell.
    """
    say, who, end = facts.voice.say, name(facts.hire), clock_time(facts.valid_until, facts.zone)
    letter = Letter(
        title=say("{who} may be signed out at {end}", who=who, end=end),
        lead=_other_ways(facts, none_at),
        facts=((say("The pass ends"), facts.voice.when(facts.valid_until, facts.zone)),),
        steps=(
            say("Ask {who} to set up Windows Hello now: Settings, Accounts, Sign-in options, PIN or face.", who=who),
            say("A passkey or the Microsoft Authenticator, set up under Security info of the account, does as well."),
        ),
        closing=(
            say(
                "Sessions end with the pass that opened them: with nothing else set up, {who} is out at {end}.",
                who=who,
                end=end,
            ),
            say("Is it done already? Then you need do nothing."),
        ),
        desk=facts.desk,
        reference=facts.reference,
        kicker=say("Before the pass ends"),
        urgent=True,
        voice=facts.voice,
    )
    subject = say("First sign-in of {who}: set up another way to sign in before {end}", who=who, end=end)
    return mail(to, subject, letter)


def _other_ways(facts: Facts, none_at: datetime | None) -> str:
    say, who = facts.voice.say, name(facts.hire)
    if none_at is None:
        return say(
            "{who} signed in with the pass, and whether there is another way to sign in cannot be told yet.", who=who
        )
    return say(
        "{who} signed in with the pass, and at {time} there was no other way to sign in.",
        who=who,
        time=clock_time(none_at, facts.zone),
    )
