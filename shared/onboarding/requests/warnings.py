"""What an administrator should mend about a plan, in words; the plan goes on as it is."""

from shared.planning.exceptional import Exceptional
from shared.planning.plan import Plan

_ADVICE = {
    Exceptional.FREE_DAY: (
        "The start is on a weekend or a public holiday of the site. The plan keeps the day that HR named; "
        "if it is a mistake, correct the start date in the HR system."
    ),
    Exceptional.SKIPPED_TIME: (
        "The clocks skip the time of the start on that day, so it counts as {start:%H:%M} local time. "
        "If another was meant, correct the start time in the HR system, or startTime in SITES."
    ),
    Exceptional.SHORT_LIFETIME: (
        "The pass is asked for {minutes} minutes and so ends at {until:%H:%M} local time, before 13:00. "
        "Raise PASS_LIFETIME_MINUTES; Microsoft advises 24 hours (1440) for onboarding."
    ),
    Exceptional.SHORT_BY_POLICY: (
        "The tenant's policy allows {minutes} minutes, so the pass ends at {until:%H:%M} local time. "
        "Raise the maximum lifetime in Authentication methods, Policies, Temporary Access Pass; "
        "Microsoft advises 24 hours for onboarding."
    ),
}


def warning(plan: Plan) -> str:
    """Say what to mend, a sentence for each exception that can be mended; empty where there is none."""
    minutes = round((plan.valid_until - plan.valid_from).total_seconds() / 60)
    return " ".join(
        _ADVICE[named].format(start=plan.local(plan.start), until=plan.local(plan.valid_until), minutes=minutes)
        for named in plan.exceptions
        if named in _ADVICE
    )
