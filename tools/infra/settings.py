"""Every setting the app reads: in the sample, in the reference, and set by Bicep, with the app's own default."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from shared.runtime.settings.model import Settings
from tools.configuration import GROUPS, PAGE, page
from tools.infra.templates import defaults, module_parameters, variable
from tools.infra.tree import Tree

SAMPLE = "local.settings.sample.json"
MAIN, APP = "infra/main.bicep", "infra/app/app.bicep"

LEFT_OUT: Mapping[str, str] = {}
"""Settings that Bicep deliberately leaves alone, each with the reason."""

OF_THE_PLATFORM = frozenset({
    "FUNCTIONS_WORKER_RUNTIME",
    "AzureWebJobsStorage",
    "STORAGE__credential",
    "STORAGE__clientId",
})  # fmt: skip
"""Settings that the Functions host or a binding reads, and the model does not."""

FORBIDDEN: Mapping[str, str] = {
    "WEBSITE_AUTH_ENABLED": "the platform's own word that sign-in is on; set here, forged principals would pass",
    "FUNCTIONS_WORKER_RUNTIME": "Flex Consumption takes it from functionAppConfig.runtime and refuses it here",
    "WEBSITE_RUN_FROM_PACKAGE": "Flex Consumption takes it from functionAppConfig.deployment and refuses it here",
    "linuxFxVersion": "Flex Consumption takes it from functionAppConfig.runtime and refuses it here",
    "APPINSIGHTS_INSTRUMENTATIONKEY": "logs are sent by identity, and a key would be a way around it",
    "AzureWebJobsStorage": "a connection string holds an account key, and keys are switched off",
}


def model_fields() -> Mapping[str, FieldInfo]:
    """Return the fields of the settings model by the names of their settings."""
    return {str(field.alias): field for field in Settings.model_fields.values()}


def settings_findings(tree: Tree) -> Iterator[str]:
    """Say what of the settings does not agree."""
    yield from _sample(tree)
    yield from _bicep(tree)
    yield from _defaults(tree)
    yield from _forbidden(tree)
    yield from _page(tree)


def _page(tree: Tree) -> Iterator[str]:
    grouped = [name for names in GROUPS.values() for name in names]
    astray = {name for name in model_fields().keys() | set(grouped) if grouped.count(name) != (name in model_fields())}
    for name in sorted(astray):
        yield f"tools/configuration.py: {name} must stand in GROUPS once, if it is a setting, and else not at all."
    if not astray and tree.text(PAGE) != page():
        yield f"{PAGE}: is not what the settings model says. Write it: `python -m tools.configuration > {PAGE}`."


def _sample(tree: Tree) -> Iterator[str]:
    values = json.loads(tree.text(SAMPLE))["Values"]
    sources = json.loads(values["HR_SOURCES"]).values()
    secrets = {setting for source in sources for setting in source["secrets"].values()}
    secrets |= set(json.loads(values["ROW_KEYS"]).values())
    known = model_fields().keys()
    for name in sorted(known - values.keys()):
        yield f"{SAMPLE}: {name} is missing. Add it with a value that shows its form."
    for name in sorted(values.keys() - known - OF_THE_PLATFORM - secrets):
        yield f"{SAMPLE}: {name} is read by nothing. Take it out, or add it to the settings model."


def _bicep(tree: Tree) -> Iterator[str]:
    told = _told(tree).keys() | variable(tree, APP, "ownSettings").keys()
    known = model_fields().keys()
    for name in sorted(known - told - LEFT_OUT.keys()):
        yield f"{MAIN}: {name} is not set. Add a parameter and hand it on under `settings`, or name it in LEFT_OUT."
    for name in sorted(told - known - OF_THE_PLATFORM):
        yield f"{MAIN}: {name} is set and read by nothing. Take it out, or add it to the settings model."
    for name in sorted(LEFT_OUT.keys() & told):
        yield f"{MAIN}: {name} is set although LEFT_OUT says that it is left alone."


def _defaults(tree: Tree) -> Iterator[str]:
    given = defaults(tree, MAIN)
    fields = model_fields()
    for name, value in _told(tree).items():
        if name not in fields:
            continue
        parameter = _parameter(value)
        if fields[name].is_required() is (parameter in given):
            yield f"{MAIN}: parameter {parameter} and {name} differ in whether a value must be given."
        elif parameter in given and given[parameter] != _default(fields[name]):
            yield (
                f"{MAIN}: parameter {parameter} is {given[parameter]!r} by default, {name} is"
                f" {_default(fields[name])!r} in the app. Make them the same."
            )


def _told(tree: Tree) -> Mapping[str, Any]:
    return dict(module_parameters(tree, MAIN, "app")["settings"])


def _parameter(value: Any) -> str:
    """Return the parameter that a setting is made of: as it is, or as a string."""
    return str(value["function"]["parameters"]["value_to_convert"]) if isinstance(value, dict) else str(value)


def _default(field: FieldInfo) -> Any:
    """Return a default as Bicep would write it."""
    value = field.default
    if value is None:
        return ""
    return list(value) if isinstance(value, tuple | frozenset) else value


def _forbidden(tree: Tree) -> Iterator[str]:
    for path in (MAIN, APP):
        code = re.sub(r"//.*", "", tree.text(path))
        for name, reason in FORBIDDEN.items():
            if re.search(rf"(?<![\w'])'?{re.escape(name)}'?\s*:", code):
                yield f"{path}: must not set {name}: {reason}."
