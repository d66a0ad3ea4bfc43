"""The mail to the helpdesk about mornings on which more hires start than can be made ready in time. In English."""

from datetime import timedelta

from shared.handover.mails.letter import Letter
from shared.handover.mails.parts import mail
from shared.languages.voice import ENGLISH
from shared.planning.waves import Late
from shared.tenant.ports.mail import Mail

_WHY_LATE = (
    "Microsoft Graph grants this app {per_minute} passes a minute, and none is made earlier than twenty hours before. "
    "All are made, soonest start first; those who come last have to wait."
)
_LESS_LATE = (
    "Ask HR to spread the hours of these starts (startTime), or the days. If your tenant is granted more requests, "
    "set PASS_REQUESTS_PER_10_SECONDS to what it has."
)


def crowd_to_desk(late: tuple[Late, ...], per_minute: int, desk: str, zone: str) -> Mail:
    """Tell the desk, days ahead, of mornings on which not all passes can be ready when their window opens."""
    letter = Letter(
        title="More first sign-ins than can be made ready in time",
        lead="So many start within these hours that some passes will be made after their page has opened.",
        facts=tuple((ENGLISH.when(one.deadline, zone), _how_late(one)) for one in late),
        closing=(_WHY_LATE.format(per_minute=per_minute), _LESS_LATE),
        desk=desk,
        reference="crowd",
        kicker="For the helpdesk",
        urgent=True,
    )
    return mail(desk, f"{sum(one.passes for one in late)} passes cannot be ready in time", letter)


def _how_late(one: Late) -> str:
    minutes = -(-one.by // timedelta(minutes=1))
    return f"{one.passes} passes late, by up to {minutes // 60}:{minutes % 60:02} hours"
