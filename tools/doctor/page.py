"""Write the checks as a page: `python -m tools.doctor.page > docs/check-up.md`."""

from itertools import groupby

from shared.checkup.catalogue import CHECKS
from shared.checkup.finding import Check

HEAD = """# The check-up

A perfect pass is useless at a lock screen without the globe, or where the tenant's policy makes none. The check-up
looks at what has to be true of the tenant before the first morning, days ahead, and says what is not, why it matters,
and what mends it. `GET /api/readiness` answers with it, for `Pass.Read`; the answer is kept for five minutes, so that
asking often costs Microsoft Graph nothing.

| state | it means |
|---|---|
| `ok` | as it should be |
| `unknown` | could not be read; the reason is shown, and the other checks go on |
| `warning` | a first morning may go wrong, or is less safe than it could be |
| `failure` | a first morning will go wrong |

It reads, and writes nothing. It shows user principal names of hires to come, and no pass, key, token or secret. None of
its reads counts against the budget of pass requests. At most fifty hires of the next two weeks are looked at, the
soonest first. (`shared/checkup/`, of which the rest of this page is made by `python -m tools.doctor.page`.)
"""


def page() -> str:
    """Return the page."""
    parts = (_part(subject.value, list(checks)) for subject, checks in groupby(CHECKS, key=lambda one: one.subject))
    return HEAD + "".join(parts)


def _part(subject: str, checks: list[Check]) -> str:
    return f"\n## {subject}\n" + "".join(map(_check, checks))


def _check(check: Check) -> str:
    command = f"\n```text\n{check.command}\n```\n" if check.command else ""
    ours = f" `--fix` {check.fixed_by_us}." if check.fixed_by_us else ""
    return f"\n### {check.title}\n\n`{check.id}`: {check.why}\n\nMended: {check.portal}.{ours}\n{command}"


if __name__ == "__main__":
    print(page(), end="")
