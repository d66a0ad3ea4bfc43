"""Infrastructure, settings, names and grants agree with the code; and each fault is found, with what to do."""

from collections.abc import Callable, Iterator

import pytest

from tools.check_infra import RULES
from tools.infra import grants, settings
from tools.infra.defaults import default_findings
from tools.infra.grants import grant_findings
from tools.infra.kusto import kusto_findings
from tools.infra.messages import ALERTS, WORKBOOK, message_findings
from tools.infra.names import name_findings
from tools.infra.settings import PAGE, SAMPLE, settings_findings
from tools.infra.telemetry import PAGE as PAGE_OF_NUMBERS
from tools.infra.telemetry import telemetry_findings
from tools.infra.tree import Tree

Rule = Callable[[Tree], Iterator[str]]

MAIN, APP, ROLES = "infra/main.bicep", "infra/app/app.bicep", "infra/app/roles.bicep"
GRANTS, CALLS = grants.GRANTS, "shared/tenant/calls/passes.py"
STORAGE, VAULT = "infra/app/storage.bicep", "infra/app/vault.bicep"
MONITORING = "infra/app/monitoring.bicep"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


@pytest.mark.parametrize("rule", RULES)
def test_what_is_committed_agrees(rule: Rule) -> None:
    """No rule finds anything in the project as it is."""
    assert list(rule(Tree())) == []


SEEDED: list[tuple[Rule, str, str, str, str]] = [
    (settings_findings, MAIN, "      RETENTION_DAYS: string(retentionDays)\n", "", "RETENTION_DAYS is not set. Add"),
    (settings_findings, MAIN, "RETENTION_DAYS: str", "RETAIN_DAYS: str", "RETAIN_DAYS is set and read by nothing"),
    (settings_findings, MAIN, "param retentionDays int = 30", "param retentionDays int = 31", "Make them the same"),
    (
        settings_findings,
        MAIN,
        "param deskMail string",
        "param deskMail string = 'a@b.c'",
        "whether a value must be given",
    ),
    (
        settings_findings,
        APP,
        "  TENANT_ID: ten",
        "  WEBSITE_AUTH_ENABLED: 'true'\n  TENANT_ID: ten",
        "must not set WEB",
    ),
    (settings_findings, SAMPLE, '    "REISSUE_DAYS": "3",\n', "", "REISSUE_DAYS is missing. Add"),
    (settings_findings, SAMPLE, '"REISSUE_DAYS"', '"REISSUE_DAY"', "REISSUE_DAY is read by nothing"),
    (settings_findings, PAGE, "`REISSUE_DAYS`", "`REISSUE_DAY`", "python -m tools.configuration"),
    (name_findings, MAIN, "'issue-pass'\n", "'issue-passes'\n", "the queue issue-pass is not made. Add it"),
    (name_findings, MAIN, "'issue-pass-poison'\n", "", "the queue issue-pass-poison is not made. Add it"),
    (name_findings, "functions/issue_pass.py", 'queue_name="issue-pass"', 'queue_name="issue"', "the same name"),
    (name_findings, "sandbox/storage.py", '"tidy-up")', '"tidy")', "Make them the same"),
    (name_findings, MAIN, "'people', ", "", "the table people is opened and not made"),
    (name_findings, "host.json", '"base64"', '"none"', "messageEncoding must be base64"),
    (name_findings, "host.json", '"routePrefix": ""', '"routePrefix": "api"', "routePrefix must be empty"),
    (name_findings, "host.json", '"00:00:02"', '"00:01:00"', "maxPollingInterval must be two seconds"),
    (name_findings, "functions/hints.py", '"STORAGE"', '"DATA"', "DATA__queueServiceUri is not set"),
    (name_findings, "functions/sweep.py", '"0 * * * * *"', '"* * * * *"', "no NCRONTAB of six fields"),
    (name_findings, APP, "version: '3.13'", "version: '3.12'", "runs Python 3.12"),
    (
        grant_findings,
        GRANTS,
        '"permission": "DeviceManagementManagedDevices.Read.All"',
        '"permission": "DeviceManagementManagedDevices.ReadWrite.All"',
        "wider than any",
    ),
    (grant_findings, GRANTS, '"covers": ["UserAuthMethod-TAP.Read.All"]', '"covers": []', "is not granted. Add it"),
    (grant_findings, GRANTS, '"permission": "Mail.Send"', '"permission": "Mail.ReadWrite"', "Take it out of exchange"),
    (grant_findings, GRANTS, '"permission": "AuditLog.Read.All"', '"permission": "Mail.Send"', "for every mailbox"),
    (grant_findings, GRANTS, '"id": "b0afded3-', '"id": "', "AuditLog.Read.All has no app role id"),
    (grant_findings, GRANTS, '"feature": "use"', '"feature": ""', "has no feature or no reason"),
    (grant_findings, GRANTS, '"feature": "use"', '"feature": "users"', "NEEDS and"),
    (grant_findings, GRANTS, '"permission": "Domain.Read.All"', '"permission": "User.Read.All"', "Do not grant it"),
    (grant_findings, GRANTS, '"permission": "Domain.Read.All"', '"permission": "Site.Read.All"', "of an administrator"),
    (grant_findings, GRANTS, '"value": "Pass.HandOver"', '"value": "Pass.Hand"', "does not declare it"),
    (grant_findings, CALLS, '"Policy.Read.AuthenticationMethod")', '"Policy.Read.All")', "is not granted. Add it"),
    (grant_findings, ROLES, "'4633458b-17de-408a-b874-0445c86b69e6'", f"'{SECRETS_OFFICER}'", "Assign a narrower role"),
    (grant_findings, ROLES, "scope: insights\n", "scope: resourceGroup()\n", "Assign a narrower role, on one resource"),
    (
        default_findings,
        STORAGE,
        "allowSharedKeyAccess: false",
        "allowSharedKeyAccess: true",
        "must say properties.allow",
    ),
    (
        default_findings,
        STORAGE,
        "    allowBlobPublicAccess: false\n",
        "",
        "allowBlobPublicAccess: False, and says None",
    ),
    (default_findings, STORAGE, "publicAccess: 'None'", "publicAccess: 'Blob'", "container must say"),
    (default_findings, VAULT, "    enablePurgeProtection: true\n", "", "enablePurgeProtection: True"),
    (
        default_findings,
        VAULT,
        "scope: vault\n  properties: {\n    level",
        "scope: log\n  properties: {\n    level",
        "a lock",
    ),
    (default_findings, MONITORING, "DisableIpMasking: false", "DisableIpMasking: true", "DisableIpMasking: False"),
    (default_findings, MONITORING, "    DisableLocalAuth: true\n", "", "DisableLocalAuth: True"),
    (default_findings, APP, "ftpsState: 'Disabled'", "ftpsState: 'FtpsOnly'", "ftpsState: 'Disabled'"),
    (default_findings, APP, "  name: 'scm'\n", "  name: 'other'\n", "passwords for scm still work. Add the policy"),
    (
        default_findings,
        APP,
        "tokenStore: { enabled: false }",
        "tokenStore: { enabled: true }",
        "tokenStore.enabled: False",
    ),
    (
        default_findings,
        MAIN,
        "var tags = {",
        "resource kept 'Microsoft.RecoveryServices/vaults@2024-04-01' = { name: 'kept' }\nvar tags = {",
        "they are in no backup",
    ),
    (
        default_findings,
        MAIN,
        "    dataStorageName: dataStorage.outputs.name\n    deploymentContainer",
        "    dataStorageName: platformStorage.outputs.name\n    deploymentContainer",
        "app is given one storage account for code and data. Give it the two",
    ),
    (
        default_findings,
        APP,
        "resource plan '",
        "resource spare 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = { name: 'a' }\nresource plan '",
        "makes the identities spare, identity. Leave one",
    ),
    (default_findings, MAIN, "alwaysReady int = 0", "alwaysReady int = 1", "Make it 0, or correct docs/cost.md"),
    (default_findings, APP, "'AllowAnonymous'", "'RedirectToLoginPage'", "unauthenticatedClientAction"),
    (message_findings, ALERTS, '"altered row put aside"', '"row altered"', "Look for what it does write"),
    (message_findings, WORKBOOK, "Message startswith 'held back: '", "Message startswith 'withheld'", "writes nowhere"),
    (telemetry_findings, ALERTS, '"paused", "obs', '"obs', "SILENT in waiting.py differ in paused"),
    (telemetry_findings, ALERTS, "one_pass.sweep.age", "one_pass.sweep_age", "which the app never tells. Name one of"),
    (telemetry_findings, ALERTS, '"too-many"', '"locked"', "never says 'locked'. Use a word"),
    (
        telemetry_findings,
        WORKBOOK,
        "by tostring(Properties['day_one_pass.use'])",
        "by tostring(Properties['day_one_pass.status'])",
        "is not told apart by day_one_pass.status",
    ),
    (telemetry_findings, PAGE_OF_NUMBERS, "| `day_one_pass.poisoned` |", "| `day_one_pass.poison` |", "it must say"),
    (telemetry_findings, APP, "  PYTHON_ENABLE_OPENTELEMETRY: 'true'\n", "", "Set it in platformSettings"),
    (telemetry_findings, "functions/runs.py", '"/api/health"', '"/api/alive"', "Give both the same routes"),
    (telemetry_findings, "host.json", '"OpenTelemetry"', '"ApplicationInsights"', "telemetryMode must be"),
]
"""A rule, the file with a fault, the passage that is right, the fault in its place, and part of what is said."""


@pytest.mark.parametrize(("rule", "path", "right", "wrong", "said"), SEEDED)
def test_a_fault_is_found_and_said_what_to_do(rule: Rule, path: str, right: str, wrong: str, said: str) -> None:
    """One fault in one file is told, in words that say what to do."""
    findings = list(rule(Tree().with_text(path, right, wrong)))
    assert any(said in finding for finding in findings), findings


def test_each_query_that_kusto_would_refuse_is_told() -> None:
    """Of alerts, workbook and pages: what does not exist, is no query, does not fit. In one run, for it is slow."""
    tree = (
        Tree()
        .with_text(ALERTS, "and Max > 300", "and Highest > 300")
        .with_text(ALERTS, "httpStatusCode_d in (403", "httpStatusCode_d has (403")
        .with_text(WORKBOOK, "countif(Success == false)", "countif(Success > 'no')")
        .with_text(PAGE_OF_NUMBERS, "```kusto\nunion", "```kusto\nunite")
    )
    findings = list(kusto_findings(tree))
    told = (
        "objects to 'Highest' in",
        "Mend the query.",
        "not defined for the operand",
        "telemetry.md: Kusto objects to",
    )
    assert all(any(said in finding for finding in findings) for said in told), findings
    assert len({finding.split("Kusto")[0] for finding in findings}) == len((ALERTS, WORKBOOK, PAGE_OF_NUMBERS))


def test_the_sandbox_may_do_what_the_app_is_granted_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A right of the sandbox's tenant that infra/graph does not grant is told: it would hide a missing grant."""
    monkeypatch.setattr(grants, "SANDBOX_PERMISSIONS", grants.SANDBOX_PERMISSIONS | {"Domain.Read.All"})
    assert ["differ in Domain.Read.All" in finding for finding in grant_findings(Tree())] == [True]


def test_a_setting_that_stands_in_no_group_of_the_page_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would find it there; nor may a group name what is no setting."""
    monkeypatch.setattr(settings, "GROUPS", {**settings.GROUPS, "Brakes": ("MODE", "PAUSE")})
    findings = list(settings_findings(Tree()))
    assert [finding.split()[1] for finding in findings] == ["PAUSE", "PAUSE_ISSUING"]


def test_a_mutation_that_hits_nothing_is_refused() -> None:
    """A fault that would not be planted fails the test instead of passing it."""
    with pytest.raises(ValueError, match="0 times"):
        Tree().with_text(MAIN, "no such passage", "")
