"""HTTP functions behave as they do in Azure."""

import threading
import time
from pathlib import Path

from sandbox.world import World
from tests.sandbox.host.probe import ANSWER_LIMIT


def test_function_sees_method_route_query_and_headers(probe: World) -> None:
    """A function gets the decoded route parameters, joined query values and lower-case header names."""
    answer = probe.request("POST", "/echo/a%20b/7?x=1&x=2", body=b"12345", headers={"X-One": "1"})
    seen = answer.json()
    assert answer.status == 201
    assert seen["method"] == "POST"
    assert seen["route"] == {"id": "a b", "n": "7"}
    assert seen["query"] == {"x": "1,2"}
    assert seen["headers"]["x-one"] == "1"
    assert seen["size"] == 5


def test_a_route_parameter_may_hold_a_line_end(probe: World) -> None:
    """Whatever stands between two slashes comes to the function; a 404 of the host's own would hide its answer."""
    assert probe.request("GET", "/echo/a%0Ab").json()["route"]["id"] == "a\nb"


def test_answer_keeps_headers_and_cookies(probe: World) -> None:
    """Headers and cookies that a function sets reach the client."""
    answer = probe.request("GET", "/echo/a")
    assert answer.headers["x-probe"] == "yes"
    assert answer.headers["set-cookie"] == "probe=1; HttpOnly"
    assert answer.headers["content-type"] == "application/json"


def test_literal_route_wins_over_parameter(probe: World) -> None:
    """Of two routes that fit, the one with the literal segment answers, in whatever case it is asked for."""
    assert probe.request("GET", "/ECHO/Fixed").text() == "literal GET"


def test_head_and_unlisted_methods_are_not_found(probe: World) -> None:
    """HEAD is 404 on every route, and so is a method that the function does not list."""
    statuses = [probe.request(method, "/echo/a").status for method in ("HEAD", "DELETE", "GET")]
    assert statuses == [404, 404, 201]
    assert probe.request("HEAD", "/fail").status == 404


def test_uncaught_exception_is_an_empty_500(probe: World) -> None:
    """What a handler does not catch is 500 without a body; the words are in the log only."""
    answer = probe.request("GET", "/fail")
    assert (answer.status, answer.body) == (500, b"")
    assert "probe failed on GET" in "".join(probe.logs().values())


def test_async_handlers_run_at_the_same_time(probe: World) -> None:
    """Eight handlers that wait half a second each are done in far less than four seconds."""
    begun = time.monotonic()
    threads = [threading.Thread(target=probe.request, args=("GET", "/slow/0.5")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun < 2.5


def test_answer_that_takes_too_long_is_given_up(probe: World) -> None:
    """The platform waits for an answer only so long; the client gets 504 and the function runs on."""
    assert probe.request("GET", f"/slow/{ANSWER_LIMIT + 0.5}").status == 504
    probe.wait_idle()
    assert "Executed 'slow' (Succeeded" in "".join(probe.logs().values())


def test_whoever_is_patient_is_told_when_the_work_has_ended(probe: World) -> None:
    """Asked what is at work, the host answers at once, or for one who can wait as soon as nothing is any more."""
    thread = threading.Thread(target=probe.request, args=("GET", "/slow/1.5"))
    thread.start()
    while not probe.request("GET", "/_host/idle").json()["busy"]:
        time.sleep(0.02)
    assert probe.request("GET", "/_host/idle?patience=0.1").json()["busy"] == 1
    assert probe.request("GET", "/_host/idle?patience=20").json()["busy"] == 0
    thread.join()


def test_host_says_what_it_is_and_what_it_runs(probe: World) -> None:
    """The host prints that it is a sandbox, and each function with its trigger, settings resolved."""
    text = next(text for name, text in probe.logs().items() if name.endswith("host"))
    assert "SANDBOX" in text
    assert "echo: [GET,POST] /echo/{id}/{n:int?}" in text
    assert "work: queueTrigger probe-work" in text


def test_worker_leaves_no_core_dump(probe: World) -> None:
    """The worker's limit for core dumps is zero: memory never reaches a disk."""
    limits = Path(f"/proc/{probe.hosts[0].pid}/limits").read_text(encoding="ascii")
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"]
