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

It changes nothing. It shows user principal names of hires to come, and no pass, key, token or secret. None of its
requests counts against the budget of pass requests, and at most fifty hires of the next two weeks are looked at, the
soonest first. One request is no read: whether the app may send from a mailbox no call tells, so it hands over a mail
without a recipient, which Exchange cannot send. That Exchange looks at the right first is a guess. With `MODE=observe`
it is left out.

## As a command

`make doctor` shows it in a sandbox, and `make doctor ARGS=--with-faults` with something to be found. For a tenant:

```sh
az functionapp config appsettings list -g RESOURCE_GROUP -n APP -o json > app-settings.json   # holds no secret
python -m tools.doctor --settings app-settings.json --sign-in browser
```

The exit code is 0 if all is in order, 1 if something is unknown or to be looked at, 2 if something is broken, and 64
if the check-up could not begin. `--json` writes the same as the route.

| `--sign-in` | who asks | it sees |
|---|---|---|
| `azure-cli` (the usual) | you, by `az login` | the directory: groups, domains, what the app was granted |
| `browser`, `device-code` | you, as with `Connect-MgGraph` | everything, once you consent to the scopes asked for |
| `app` | the app's own identity, where it runs | what the route shows |

Tokens of the Azure CLI reach no policy and no Intune, whatever role you hold: Microsoft gives their scopes. *Global
Reader* is enough to read. Who is coming stands in the app's storage: `--app-client-id ID`, the client id of the
app registration, asks the app for its own report (you need `Pass.Read`) and fills in from it what you could not see.
Whether Multi Admin Approval is on is told to a sign-in that may read Intune's roles (`DeviceManagementRBAC.Read.All`);
the app asks for no such permission, and says `unknown`.

`--fix` makes the changes that are ours to make, with your sign-in and never the app's: you need *Authentication Policy
Administrator* and *Intune Administrator*. Each is shown before and after, and asked for, unless you say `--yes`. Run
again, it changes nothing. The policy is turned on only for those whom `--target` names; a policy that is on keeps its
targets, a profile that is there keeps its settings, and assignments, filters and exclusions of others stay to the
letter.

Nothing of this was run against a real tenant yet.

## The checks

(`shared/checkup/`, of which this page is made by `python -m tools.doctor.page`.)
"""


def page() -> str:
    """Return the page."""
    parts = (_part(subject.value, list(checks)) for subject, checks in groupby(CHECKS, key=lambda one: one.subject))
    return HEAD + "".join(parts)


def _part(subject: str, checks: list[Check]) -> str:
    return f"\n### {subject}\n" + "".join(map(_check, checks))


def _check(check: Check) -> str:
    command = f"\n```text\n{check.command}\n```\n" if check.command else ""
    ours = f" `--fix` {check.fixed_by_us}." if check.fixed_by_us else ""
    return f"\n#### {check.title}\n\n`{check.id}`: {check.why}\n\nMended: {check.portal}.{ours}\n{command}"


if __name__ == "__main__":
    print(page(), end="")
