"""The sample of the settings is complete and loads."""

import json
from pathlib import Path

from shared.runtime.settings.loading import load_settings
from shared.runtime.settings.model import Settings

ROOT = Path(__file__).resolve().parents[2]
_PLATFORM = frozenset({"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"})


def _sample() -> dict[str, str]:
    values: dict[str, str] = json.loads((ROOT / "local.settings.sample.json").read_text(encoding="utf-8"))["Values"]
    return values


def test_the_sample_loads() -> None:
    """Somebody who copies the sample gets settings without a fault."""
    settings = load_settings(_sample())
    assert list(settings.hr_sources) == ["acme", "hiring-eu"]
    assert [secret.name for secret in settings.sources["acme"].secrets] == ["2026-a"]


def test_the_sample_names_every_setting() -> None:
    """A setting that the app knows stands in the sample."""
    known = {field.alias for field in Settings.model_fields.values()}
    assert known - set(_sample()) == set()


def test_the_sample_names_nothing_else() -> None:
    """What stands in the sample is a setting of the app, of the queue connection, of an HR secret or the platform's."""
    known = {field.alias for field in Settings.model_fields.values()}
    more = {"STORAGE__credential", "STORAGE__clientId", "HR_ACME_SECRET_A", "HR_HIRING_EU_A", "ROW_KEY_A"} | _PLATFORM
    assert set(_sample()) - known - more == set()
