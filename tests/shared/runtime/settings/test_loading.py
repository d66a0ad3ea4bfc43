"""Settings: every fault at once, with what to do, and never a value."""

import json
from base64 import b64encode
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.errors import SettingsError
from shared.runtime.mode import Mode
from shared.runtime.settings.loading import load_row_keys, load_settings

SECRET = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0IQ=="
ROW_KEY = b64encode(bytes(range(32))).decode()
GOOD = {
    "ROW_KEYS": '{"2026-a": "ROW_A"}',
    "ROW_A": ROW_KEY,
    "TENANT_ID": "8BC4F76B-F90A-58FA-A129-B0090E7CD466",
    "AZURE_CLIENT_ID": "01bb932d-0bc6-5cae-9ee5-9b642b3e4078",
    "STORAGE__tableServiceUri": "https://store.table.core.windows.net/",
    "STORAGE__queueServiceUri": "https://store.queue.core.windows.net",
    "LINK_BASE_URL": "https://pass.larkspur.example",
    "MAIL_SENDER": "day.one@larkspur.example",
    "DESK_MAIL": "it.desk@larkspur.example",
    "DEFAULT_TIMEZONE": "Europe/Berlin",
    "HR_SOURCES": json.dumps({"acme": {"kind": "standard", "secrets": {"a": "HR_A"}}}),
    "HR_A": SECRET,
}
NEEDED = [name for name in GOOD if name not in {"HR_SOURCES", "HR_A", "ROW_A"}]


def faults(**changes: str) -> tuple[str, ...]:
    """Return the faults of good settings with changes."""
    with pytest.raises(SettingsError) as caught:
        load_settings(GOOD | changes)
    return caught.value.faults


def test_good_settings_are_read() -> None:
    """Ids are lower case, addresses without a slash at the end, the rest has its defaults."""
    settings = load_settings(GOOD)
    assert settings.tenant_id == "8bc4f76b-f90a-58fa-a129-b0090e7cd466"
    assert settings.table_service == "https://store.table.core.windows.net"
    assert (settings.pass_lifetime, settings.one_time, settings.mode) == (600, False, Mode.LIVE)
    assert [secret.name for secret in settings.sources["acme"].secrets] == ["a"]


def test_nothing_set_names_each_missing_setting_and_what_it_is() -> None:
    """Every setting that is needed has its sentence."""
    with pytest.raises(SettingsError) as caught:
        load_settings({})
    assert [fault.split(":")[0] for fault in caught.value.faults] == NEEDED
    assert all(fault.endswith(".") and len(fault.split()) > 3 for fault in caught.value.faults)


def test_all_faults_come_at_once() -> None:
    """One deployment shows all that is wrong, not the first."""
    found = faults(TENANT_ID="x", DEFAULT_TIMEZONE="Bonn", DESK_MAIL="desk", PASS_LIFETIME_MINUTES="1", MODE="off")
    assert [fault.split(":")[0] for fault in found] == [
        "TENANT_ID", "DESK_MAIL", "DEFAULT_TIMEZONE", "PASS_LIFETIME_MINUTES", "MODE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AZURE_CLIENT_ID", "not-a-guid"),
        ("GRAPH_BASE_URL", "http://graph.microsoft.com"),
        ("GRAPH_BASE_URL", "graph.microsoft.com"),
        ("LINK_BASE_URL", "http://pass.larkspur.example"),
        ("MAIL_SENDER", "two@larkspur.example, three@larkspur.example"),
        ("SITES", "[]"),
        ("SITES", "{"),
        ("SITES", '{"Berlin": {"timezone": "Bonn"}}'),
        ("SITES", '{"Berlin": {"timezone": "localtime"}}'),
        ("SITES", '{"Berlin": {"timezone": "Europe/Berlin", "startTime": "24:00"}}'),
        ("SITES", '{"Berlin": {"timezone": "Europe/Berlin", "group": "x"}}'),
        ("SITES", '{"Berlin": {"timezone": "Europe/Berlin", "country": "XX"}}'),
        ("SITES", '{"Berlin": {"timezone": "Europe/Berlin", "country": "Germany"}}'),
        ("SITES", '{"Berlin": {"timezone": "Europe/Berlin", "country": "DE", "subdivision": "ZZ"}}'),
        ("SITES", '{"Berlin": {"timezone": "Europe/Berlin", "subdivision": "BE"}}'),
        ("SITES", '{"Berlin": {"timezone": "Europe/Berlin", "holidays": ["31.12."]}}'),
        ("SITES", '{"Berlin": {"timezone": "Europe/Berlin", "weekend": ["freitag"]}}'),
        ("DEPARTMENT_DEVICE_GROUPS", '{"Sales": "x"}'),
        ("PROTECTED_GROUPS", '["x"]'),
        ("EMPLOYEE_NUMBER_ATTRIBUTE", "extensionAttribute16"),
        ("EMPLOYEE_NUMBER_ATTRIBUTE", "mail"),
        ("ACCOUNT_MAX_AGE_DAYS", "0"),
        ("PASS_REQUESTS_PER_10_SECONDS", "0"),
        ("LINK_LEAD", "week-before"),
        ("PAUSE_ISSUING", "perhaps"),
        ("HR_SOURCES", '{"acme": {"kind": "other", "secrets": {"a": "HR_A"}}}'),
        ("HR_SOURCES", '{"acme": {"kind": "standard", "secrets": {}}}'),
        ("HR_SOURCES", '{"Acme/..": {"kind": "standard", "secrets": {"a": "HR_A"}}}'),
    ],
)
def test_each_wrong_value_is_named_and_not_repeated(name: str, value: str) -> None:
    """The sentence names the setting; the value, which may be a secret, is not in it."""
    found = faults(**{name: value})
    assert all(fault.startswith(name) for fault in found)
    assert found


def test_each_container_has_one_source_and_all_need_the_account() -> None:
    """Off where no source names one; two sources in one container could not be told apart."""
    columns = {"externalId": "No.", "displayName": "Name", "startDate": "Entry"}
    sheet = {"kind": "csv", "secrets": {"a": "HR_A"}, "options": {"columns": columns, "container": "hires"}}
    blobs = {"STORAGE__blobServiceUri": "https://store.blob.core.windows.net/"}
    one, two = json.dumps({"sheet": sheet}), json.dumps({"sheet": sheet, "other": sheet})
    assert load_settings(GOOD).containers == {}
    assert load_settings({**GOOD, **blobs, "HR_SOURCES": one}).containers == {"sheet": "hires"}
    assert faults(HR_SOURCES=one) == ("STORAGE__blobServiceUri: missing; sheet in HR_SOURCES names a container.",)
    (told,) = faults(HR_SOURCES=two, **blobs)
    assert told.startswith("HR_SOURCES (other → options → container)")
    (wrong,) = faults(HR_SOURCES=one.replace("hires", "Hires/.."), **blobs)
    assert "container" in wrong


BY_TEXT = '["hire+text", "desk"]'
ENDPOINT = "https://larkspur.europe.communication.azure.com"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"COLLECTOR_CHAIN": '["manager", "boss", "desk"]'},
            ["COLLECTOR_CHAIN (1): Input should be 'manager', 'hire+"],
        ),
        ({"COLLECTOR_CHAIN": "[]"}, ["COLLECTOR_CHAIN: must name at least one route"]),
        ({"COLLECTOR_CHAIN": '["desk", "desk"]'}, ["COLLECTOR_CHAIN: must name at least one route, and none twice"]),
        ({"COLLECTOR_CHAIN": '["hire+manager", "manager"]'}, ["COLLECTOR_CHAIN: must end with desk"]),
        (
            {"SITES": '{"Berlin": {"timezone": "Europe/Berlin", "collectorChain": ["hire+manager"]}}'},
            ["SITES (Berlin → collectorChain): must end with desk"],
        ),
        (
            {"COLLECTOR_CHAIN": BY_TEXT},
            [
                "COMMUNICATION_ENDPOINT: missing; COLLECTOR_CHAIN names hire+text",
                "COMMUNICATION_TEXT_SENDER: missing; COLLECTOR_CHAIN names hire+text",
            ],
        ),
        (
            {
                "SITES": '{"Berlin": {"timezone": "Europe/Berlin", "collectorChain": %s}}' % BY_TEXT,  # noqa: UP031
                "COMMUNICATION_ENDPOINT": ENDPOINT,
                "MODE": "off",
            },
            ["MODE: ", "COMMUNICATION_TEXT_SENDER: missing; SITES (Berlin) names hire+text"],
        ),
        (
            {
                "MAIL_CHANNELS": '["communication"]',
                "COMMUNICATION_ENDPOINT": ENDPOINT,
                "COMMUNICATION_TEXT_SENDER": "+49-30",
            },
            ["COMMUNICATION_TEXT_SENDER: ", "COMMUNICATION_MAIL_SENDER: missing"],
        ),
        (
            {"MAIL_CHANNELS": '["communication"]', "COMMUNICATION_ENDPOINT": ENDPOINT},
            ["COMMUNICATION_MAIL_SENDER: missing; MAIL_CHANNELS names communication"],
        ),
        ({"MAIL_CHANNELS": '["graph", "graph"]'}, ["MAIL_CHANNELS: must name at least one channel, and none twice"]),
        ({"MAIL_CHANNELS": '["pigeon"]'}, ["MAIL_CHANNELS (0): Input should be 'graph' or 'communication'"]),
    ],
)
def test_a_chain_or_a_channel_that_cannot_work_says_what_is_wrong_with_it(
    changes: dict[str, str], told: list[str]
) -> None:
    """An unknown route, one twice, a hire with nobody behind him, a text that nothing can send."""
    assert [fault for fault, start in zip(faults(**changes), told, strict=True) if not fault.startswith(start)] == []


def test_working_days_are_read_by_site() -> None:
    """Country and subdivision, the company's own days, and another weekend than the country's."""
    cairo = {"timezone": "Africa/Cairo", "country": "EG", "holidays": ["2030-06-04"], "weekend": ["Friday"]}
    week = load_settings(GOOD | {"SITES": json.dumps({"Cairo": cairo})}).sites["Cairo"].work_week(2030)
    assert week.weekend == {4}
    assert not week.is_worked(date(2030, 6, 4))
    assert not week.is_worked(date(2030, 1, 7))


def test_a_secret_that_is_named_and_not_there() -> None:
    """A source whose secret's setting is missing says which setting, for which source."""
    assert "HR_A" in faults(HR_A=" ")[0]
    assert "acme" in faults(HR_A="")[0]


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "correct horse battery staple",
        b64encode(bytes(range(31))).decode(),
        b64encode(b"password" * 8).decode(),
        "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/row-key)",
    ],
)
def test_a_weak_key_of_rows_is_refused_and_not_repeated(secret: str) -> None:
    """Missing, no base64, too short, a pattern, a reference that is not resolved: each names the setting alone."""
    (fault,) = faults(ROW_A=secret)
    assert fault.startswith("ROW_A: ")
    assert not secret or secret not in fault


def test_keys_of_rows_rotate_by_name() -> None:
    """The first key that is named signs, and the others still count; a tool needs no other setting."""
    newer = b64encode(bytes(range(1, 40))).decode()
    both = {"ROW_KEYS": '{"2027-a": "ROW_B", "2026-a": "ROW_A"}', "ROW_A": ROW_KEY, "ROW_B": newer}
    assert load_settings(GOOD | both).row_secrets == (bytes(range(1, 40)), bytes(range(32)))
    assert load_row_keys(both) == ((bytes(range(1, 40)), bytes(range(32))), None)


@given(
    st.sampled_from([*NEEDED, "HR_SOURCES", "SITES", "MODE", "PROTECTED_GROUPS", "DEVICE_GROUP"]), st.text(min_size=8)
)
def test_no_fault_repeats_what_was_set(name: str, junk: str) -> None:
    """Whatever stands in a setting by mistake, a secret for example, is not printed."""
    canary = f"canary {junk} yranac"
    with pytest.raises(SettingsError) as caught:
        load_settings(GOOD | {name: canary})
    assert "canary" not in str(caught.value)
    assert "canary" not in repr(caught.value)


def test_secrets_are_in_no_text_of_the_settings() -> None:
    """Neither str, repr, dump, JSON nor an error shows a webhook secret."""
    settings = load_settings(GOOD)
    shown = [
        str(settings),
        repr(settings),
        str(settings.model_dump()),
        settings.model_dump_json(),
        repr(vars(settings)),
    ]
    assert not [text for text in shown if SECRET in text or SECRET.removeprefix("whsec_") in text]
    assert not [text for text in shown if ROW_KEY in text or repr(settings.row_secrets[0]) in text]
    with pytest.raises(SettingsError) as caught:
        load_settings(GOOD | {"TENANT_ID": "x"})
    assert SECRET not in str(caught.value) + repr(caught.value) + str(caught.value.args)


def test_settings_are_not_changed_by_anybody() -> None:
    """What was read once stays as it was read."""
    settings = load_settings(GOOD)
    with pytest.raises(ValueError, match="frozen"):
        settings.pause_issuing = True  # type: ignore[misc]
