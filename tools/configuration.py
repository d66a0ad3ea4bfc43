"""Write the reference of all settings as a page: `python -m tools.configuration > docs/configuration.md`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from shared.runtime.settings.model import Settings

PAGE = "docs/configuration.md"
SAMPLE = Path(__file__).resolve().parent.parent / "local.settings.sample.json"
HEAD = """# Settings

Every setting that the app reads; made from the settings model (`shared/runtime/settings/model.py`) by
`python -m tools.configuration`. In Azure each is a parameter of `infra/main.bicep`, in camel case: `MAIL_SENDER` is
`mailSender`. On a machine they stand in `local.settings.json`. A setting that is blank counts as not given.

All are checked at once. Until they are right every route answers 503, and the log names each fault, what to do about
it, and no value: a value may be a secret.
"""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Tenant, identity and storage": (
        "TENANT_ID", "AZURE_CLIENT_ID", "GRAPH_BASE_URL", "STORAGE__tableServiceUri", "STORAGE__queueServiceUri",
        "STORAGE__blobServiceUri",
    ),
    "What rows are believed by": ("ROW_KEYS", "UNSIGNED_ROWS_UNTIL"),
    "Mails and links": (
        "LINK_BASE_URL", "MAIL_SENDER", "DESK_MAIL", "LINK_LEAD", "DIGEST_AT", "DEFAULT_LANGUAGE", "FORWARDED_ENTRY",
    ),
    "Channels besides Exchange": (
        "MAIL_CHANNELS", "COMMUNICATION_ENDPOINT", "COMMUNICATION_MAIL_SENDER", "COMMUNICATION_TEXT_SENDER",
        "TEAMS_APP",
    ),
    "Who hears of what": ("TELL_OPENED", "TELL_NOT_OPENED", "TELL_LOCKED", "TELL_REVOKED"),
    "HR systems": ("HR_SOURCES",),
    "Places and devices": (
        "DEFAULT_TIMEZONE", "SITES", "DEVICE_GROUP", "DEPARTMENT_DEVICE_GROUPS", "SCOPE_STRATEGY",
        "DEVICE_PREPARATION_GROUP", "DEVICE_GROUP_DAYS",
    ),
    "Web sign-in": (
        "WEB_SIGN_IN_PROFILE", "WEB_SIGN_IN_COMPANION", "DEFAULT_CREDENTIAL_PROVIDER", "MAKE_PROFILES",
    ),
    "Who collects": ("COLLECTOR_CHAIN", "COLLECTOR_TIMEZONES", "REISSUE_DAYS"),
    "Who may get a pass": (
        "EMPLOYEE_NUMBER_ATTRIBUTE", "ACCOUNT_MAX_AGE_DAYS", "PROTECTED_GROUPS", "PIM_FOR_GROUPS",
        "PILOT_GROUP", "PILOT_SITES",
    ),
    "The pass": ("PASS_LIFETIME_MINUTES", "PASS_ONE_TIME", "PASS_REQUESTS_PER_10_SECONDS"),
    "What is kept, and how long": ("RETENTION_DAYS", "AUDIT_DAYS"),
    "Brakes": ("MODE", "PAUSE_ISSUING"),
}  # fmt: skip
"""Where people look for a setting. Every one is in one group."""
HEADING = "| setting | what it says | form | where not given |\n|---|---|---|---|\n"
EXAMPLES = ("SITES", "HR_SOURCES", "DEPARTMENT_DEVICE_GROUPS", "COLLECTOR_TIMEZONES", "PROTECTED_GROUPS")
"""Settings in JSON whose form is seen best."""

Schema = Mapping[str, Any]


def page() -> str:
    """Return the page."""
    return HEAD + "".join(_rows()) + "".join(_objects()) + "".join(_examples())


def _rows() -> Iterator[str]:
    schema = Settings.model_json_schema()
    fields = {str(field.alias): field for field in Settings.model_fields.values()}
    for group, names in GROUPS.items():
        yield f"\n## {group}\n\n{HEADING}"
        for name in names:
            form = _form(schema["properties"][name], schema["$defs"])
            yield f"| `{name}` | {fields[name].description} | {form} | {_absent(fields[name])} |\n"


def _absent(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    if field.default is None or field.default in ({}, frozenset(), ""):
        return "none"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    default = json.dumps(field.default) if isinstance(field.default, tuple) else str(field.default)
    return f"`{default}`"


def _form(schema: Schema, known: Mapping[str, Schema]) -> str:
    """Say in words what a value looks like."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})" if known[name]["type"] == "object" else _form(known[name], known)
    if "anyOf" in schema:
        return " or ".join(_form(one, known) for one in schema["anyOf"] if one.get("type") != "null")
    if "contentSchema" in schema:
        return f"JSON: {_form(schema['contentSchema'], known)}"
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{one}`" for one in schema.get("enum", [schema.get("const")]))
    return _plain_form(schema, known)


def _plain_form(schema: Schema, known: Mapping[str, Schema]) -> str:
    match schema["type"]:
        case "integer":
            return f"{schema['minimum']:,} to {schema['maximum']:,}"
        case "boolean":
            return "`true` or `false`"
        case "array":
            return f"list of {_form(schema['items'], known)}"
        case "object":
            values = schema.get("additionalProperties") or next(iter(schema["patternProperties"].values()))
            return "object" if values is True else f"for each name: {_form(values, known)}"
        case _:
            return str(schema.get("format", "text"))


def _objects() -> Iterator[str]:
    """Describe the objects that stand inside settings in JSON."""
    schema = Settings.model_json_schema()
    yield "\n## What stands inside JSON\n"
    for name, one in schema["$defs"].items():
        if one["type"] != "object":
            continue
        yield f"\n### {name}\n\n{one['description']}\n\n| property | form | |\n|---|---|---|\n"
        required = one.get("required", ())
        for key, value in one["properties"].items():
            absent = "must be given" if key in required else _shown(value.get("default"))
            yield f"| `{key}` | {_form(value, schema['$defs'])} | {absent} |\n"


def _shown(default: object) -> str:
    """Show a default that is a plain value; of an object, its own table does."""
    return f"`{default}`" if isinstance(default, int | str) else ""


def _examples() -> Iterator[str]:
    values = json.loads(SAMPLE.read_text(encoding="utf-8"))["Values"]
    yield "\n## Examples\n"
    for name in EXAMPLES:
        shown = json.dumps(json.loads(values[name]), indent=2, ensure_ascii=False)
        yield f"\n`{name}`\n\n```json\n{shown}\n```\n"


if __name__ == "__main__":
    print(page(), end="")
