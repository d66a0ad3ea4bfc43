"""A stand-in for the record API of one HR system, over HTTP on this machine. It says so when it starts."""

import json
import logging
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from sandbox.hr.shapes import CREDENTIALS, GUSTO_SESSION, LISTS, PERSONIO_SESSION, SHAPES, Asked, Person, proves

log = logging.getLogger("sandbox.hr")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is answered instead of a record, until it is mended."""

    status: int
    retry_after: str = ""
    body: bytes = b"{}"


class RecordApi:
    """Holds people by the vendor's id of their record, and answers as the vendor would."""

    def __init__(self, vendor: str) -> None:
        self.vendor = vendor
        self.people: dict[str, Person] = {}
        self.asked: list[Asked] = []
        self.fault: Fault | None = None
        self.sessions = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        log.warning("a stand-in for %s answers at %s: its people are invented", self.vendor, self.address)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, asked: Asked) -> tuple[int, bytes, dict[str, str]]:
        """Answer a request: status, body, headers."""
        self.asked.append(asked)
        if self.fault is not None:
            return self.fault.status, self.fault.body, {"Retry-After": self.fault.retry_after}
        sessions = {
            ("personio", "/v2/auth/token"): self._personio_session,
            ("gusto", "/oauth/token"): self._gusto_session,
        }
        if (opens := sessions.get((self.vendor, asked.path))) is not None:
            return opens(asked)
        if not proves(self.vendor, asked):
            return HTTPStatus.UNAUTHORIZED, b'{"error": "unauthorized"}', {}
        found = self._found(asked)
        if found is None:
            return HTTPStatus.NOT_FOUND, b'{"error": "not found"}', {}
        return HTTPStatus.OK, json.dumps(found).encode(), {}

    def _found(self, asked: Asked) -> Any:
        if (written := LISTS.get((self.vendor, asked.path))) is not None:
            return written(self.people)
        if self.vendor == "finch" and len(asked.body["requests"]) > 1:
            return self._finch_batch(asked)
        record = self._record(asked)
        return SHAPES[self.vendor](asked, record, self.people.get(record))

    def _personio_session(self, asked: Asked) -> tuple[int, bytes, dict[str, str]]:
        held = CREDENTIALS["personio"]
        wanted = {"client_id": held["clientId"], "client_secret": held["clientSecret"]}
        if asked.body != {"grant_type": "client_credentials", **wanted}:
            return HTTPStatus.FORBIDDEN, b'{"error": "forbidden"}', {}
        return HTTPStatus.OK, json.dumps({"access_token": PERSONIO_SESSION, "expires_in": 86400}).encode(), {}

    def _gusto_session(self, asked: Asked) -> tuple[int, bytes, dict[str, str]]:
        """Exchange a refresh token for a session and the next refresh token; each is good once."""
        held = CREDENTIALS["gusto"]
        wanted = {"client_id": held["clientId"], "client_secret": held["clientSecret"]}
        if asked.body != {"grant_type": "refresh_token", **wanted, "refresh_token": self.refresh_token}:
            return HTTPStatus.BAD_REQUEST, b'{"error": "invalid_grant"}', {}
        self.sessions += 1
        found = {"access_token": GUSTO_SESSION, "refresh_token": self.refresh_token, "expires_in": 7200}
        return HTTPStatus.OK, json.dumps(found).encode(), {}

    @property
    def refresh_token(self) -> str:
        """The one that is good now."""
        return f"{CREDENTIALS['gusto']['refreshToken'][:-1]}{self.sessions}"

    def _finch_batch(self, asked: Asked) -> dict[str, Any]:
        answers: list[Any] = []
        for one in asked.body["requests"]:
            name = str(one["individual_id"])
            answers += (SHAPES["finch"](asked, name, self.people.get(name)) or {})["responses"]
        return {"responses": answers}

    def _record(self, asked: Asked) -> str:
        if self.vendor == "finch":
            return str(asked.body["requests"][0]["individual_id"])
        return asked.path.removesuffix("/employments").rpartition("/")[2]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._respond()

            def do_POST(self) -> None:
                self._respond()

            def log_message(self, *_: object) -> None:
                """Keep the console clear."""

            def _respond(self) -> None:
                status, body, headers = api.answer(self._asked())
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _asked(self) -> Asked:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                form = "form" in headers.get("content-type", "")
                body: Any = dict(parse_qsl(raw.decode())) if form else json.loads(raw or b"{}")
                return Asked(self.command, urlsplit(self.path).path, headers, body)

        return Handler
