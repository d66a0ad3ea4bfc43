"""Makes the changes that are ours to make, one by one: shown before, asked for, and read back after."""

from collections.abc import Sequence

from shared.checkup.facts import UnreadError
from shared.tenant.errors import TenantError
from tools.doctor.changes import PLANS, Change, Plan
from tools.doctor.looking import Look
from tools.doctor.screen import Screen


async def fix(look: Look, targets: Sequence[str], screen: Screen) -> None:
    """Make them. Run again it changes nothing, for each is decided from what the tenant holds by then."""
    for plan in PLANS:
        try:
            changes = list(plan(await look.facts(), targets))
        except UnreadError as unread:
            screen.say(f"Nothing decided by {plan.__name__.replace('_', ' ')}: {unread.reason}\n")
            continue
        for change in changes:
            await _one(look, change, plan, targets, screen)


async def _one(look: Look, change: Change, plan: Plan, targets: Sequence[str], screen: Screen) -> None:
    screen.say(f"{change.check}\n   before   {change.before}\n   after    {change.after}")
    if not screen.agrees("   Make this change?"):
        screen.say("   left as it is\n")
        return
    try:
        await change.make(look)
        after = {(one.check, one.before) for one in plan(await look.facts(), targets)}
    except (TenantError, UnreadError) as error:
        screen.say(f"   NOT done: {error}\n")
        return
    is_seen = (change.check, change.before) not in after
    screen.say("   done\n" if is_seen else "   asked for, and not to be seen yet: look again in some minutes\n")
