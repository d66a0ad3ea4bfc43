"""What the exporter of Azure Monitor sends is what the queries of alerts and workbook ask for."""

import atexit
import gzip
import json
import logging
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shared.onboarding.reasons import Reason
from shared.onboarding.statuses import Life
from shared.runtime.clock import SystemClock
from shared.runtime.telemetry import metrics, pipelines, port
from shared.runtime.telemetry import vocabulary as says
from shared.runtime.telemetry.logs import OURS, guard_logs
from tools.infra.telemetry import CARRIED

HIRE = "a" * 25


class Ingestion(ThreadingHTTPServer):
    """Takes what is sent to Application Insights."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.envelopes: list[dict[str, Any]] = []
        self.arrived = threading.Condition()

    def waits_for(self, *kinds: str) -> dict[str, dict[str, Any]]:
        """Return the newest of each kind, once there is one of each."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: set(kinds) <= {_kind(one) for one in self.envelopes}, 20)
            return {_kind(one): one["data"]["baseData"] for one in self.envelopes}


class _Taker(BaseHTTPRequestHandler):
    server: Ingestion

    def do_POST(self) -> None:
        """Take envelopes: a JSON array, or one a line."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = {"gzip": gzip.decompress, "deflate": zlib.decompress}.get(self.headers.get("Content-Encoding", ""))
        found = json.loads(packed(body) if packed else body)
        with self.server.arrived:
            self.server.envelopes += found
            self.server.arrived.notify_all()
        answer = json.dumps({"itemsReceived": len(found), "itemsAccepted": len(found), "errors": []}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:  # type: ignore[override]
        """Say nothing."""


@pytest.fixture
def ingestion(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ingestion]:
    """Listen as a deployed app does, with a stand-in for Application Insights; afterwards nobody listens."""
    for name in CARRIED:
        if name.endswith(("DISABLED", "DISABLED_ALL")):
            monkeypatch.setenv(name, "true")
    for name in ("OTEL_BSP_SCHEDULE_DELAY", "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"):
        monkeypatch.setenv(name, "50")
    server = Ingestion()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    handlers, level = list(logging.getLogger().handlers), OURS.level
    ends: list[Callable[[], object]] = []
    monkeypatch.setattr(atexit, "register", ends.append)
    key = "InstrumentationKey=00000000-0000-0000-0000-000000000000"
    pipelines.begin({pipelines.CONNECTION: f"{key};IngestionEndpoint={address}/"}, SystemClock())
    yield server
    for end in ends:
        end()
    port.listen(port.Nobody())
    logging.getLogger().handlers[:] = handlers
    OURS.setLevel(level)
    server.shutdown()
    server.server_close()


def test_names_and_attributes_arrive_as_they_are_queried(
    ingestion: Ingestion, caplog: pytest.LogCaptureFixture
) -> None:
    """A run is a request, a call a dependency, a number keeps name and attributes, a log its hire and its trace."""
    guard_logs()
    run = port.span("process issue-pass", port.Kind.CONSUMER, {says.ONBOARDING: HIRE})
    with run, port.span("POST /users/{user}", port.Kind.CLIENT, {says.HTTP_METHOD: "POST"}):
        OURS.warning("waits: paused", extra={"onboarding": HIRE})
    waits = {says.REASON: Reason.PAUSED, says.LIFE: Life.PASS, says.WITHIN_DAY: True}
    port.add(metrics.WAITS, 1, waits)
    seen = ingestion.waits_for("RequestData", "RemoteDependencyData", "MetricData", "MessageData")
    assert (seen["RequestData"]["name"], seen["RequestData"]["properties"]) == (
        "process issue-pass", {says.ONBOARDING: HIRE},
    )  # fmt: skip
    (number,) = seen["MetricData"]["metrics"]
    assert (number["name"], number["value"]) == ("day_one_pass.waits", 1)
    properties = seen["MetricData"]["properties"]
    assert {name: properties[name].lower() for name in waits} == {
        says.REASON: "paused", says.LIFE: "pass", says.WITHIN_DAY: "true",
    }  # fmt: skip
    assert seen["MessageData"]["message"] == f"waits: paused [{HIRE}]"
    assert seen["MessageData"]["properties"][says.ONBOARDING] == HIRE
    told = [one for one in ingestion.envelopes if _kind(one) != "MetricData"]
    assert len({one["tags"]["ai.operation.id"] for one in told}) == 1
    assert {_kind(one) for one in ingestion.envelopes} == set(seen)
    assert "azure.monitor" not in caplog.text


def _kind(envelope: dict[str, Any]) -> str:
    return str(envelope["data"]["baseType"])
