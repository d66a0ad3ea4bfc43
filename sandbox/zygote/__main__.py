"""The zygote itself: `python -m sandbox.zygote [PACKAGE …]`, orders on its standard input, a SOCK_SEQPACKET socket.

Of the packages named it imports every module, beside what others wrote.

An order is JSON, `{"command": […], "environment": {…}}`, with three file descriptors: standard input, output, and where
to write how it ended. The answer is the process id. It ends once its orders end and all that it forked has ended.
"""

import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.zygote.client import PRODUCT

PRELOADED = (
    "azure.data.tables.aio",
    "azure.functions",
    "azure.identity.aio",
    "azure.storage.queue.aio",
    "cryptography.hazmat.primitives.asymmetric.x25519",
    "cryptography.hazmat.primitives.hpke",
    "httpcore",
    "httpx",
    "jmespath",
    "jwt",
    "kiota_authentication_azure.azure_identity_authentication_provider",
    "kiota_http.kiota_client_factory",
    "msgraph.graph_request_adapter",
    "msgraph.graph_service_client",
    "msgraph.generated.audit_logs.sign_ins.sign_ins_request_builder",
    "msgraph.generated.devices.item.transitive_member_of.transitive_member_of_request_builder",
    "msgraph.generated.groups.item.group_item_request_builder",
    "msgraph.generated.models.message",
    "msgraph.generated.models.o_data_errors.o_data_error",
    "msgraph.generated.models.temporary_access_pass_authentication_method",
    "msgraph.generated.role_management.directory.role_assignments.role_assignments_request_builder",
    "msgraph.generated.role_management.directory.role_eligibility_schedules.role_eligibility_schedules_request_builder",
    "msgraph.generated.users.item.registered_devices.registered_devices_request_builder",
    "msgraph.generated.users.item.send_mail.send_mail_post_request_body",
    "msgraph.generated.users.item.transitive_member_of.transitive_member_of_request_builder",
    "msgraph.generated.users.item.user_item_request_builder",
    "msgraph.generated.users.users_request_builder",
    "pydantic.main",
    "pydantic.types",
    "sandbox.host.http_doorway",
    "sandbox.host.queues",
    "sandbox.host.timers",
)
"""What others wrote and the app imports sooner or later: a fifth of a second for each host that does so by itself."""
_LONGEST_ORDER = 1 << 17
_STREAMS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Order:
    """One process to be: `python -m` and its arguments, its environment, and its standard input and output."""

    command: Sequence[str]
    environment: Mapping[str, str]
    stdin: int
    output: int

    def obey(self) -> None:
        """Become that process, in a session of its own, and run to the end of its module."""
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for stream, source in zip(_STREAMS, (self.stdin, self.output, self.output), strict=True):
            os.dup2(source, stream)
        os.close(self.stdin)
        os.close(self.output)
        os.environ.clear()
        os.environ.update(self.environment)
        _python, _m, module, *arguments = self.command
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)


def main() -> None:
    """Import, then fork as ordered."""
    for name in PRELOADED:
        importlib.import_module(name)
    for package in sys.argv[1:]:
        _import_whole(package)
    _be_untouched(sys.argv[1:])
    # What was imported outlives every fork: no collector need look through it, nor copy its pages.
    gc.freeze()
    # Its hosts are told to end first; how each ended is still to be written.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    order = _serve(socket.socket(fileno=0))
    if order is not None:
        order.obey()


def _import_whole(package: str) -> None:
    """Import a package and all of its modules."""
    within = importlib.import_module(package)
    for module in pkgutil.walk_packages(within.__path__, f"{package}."):
        importlib.import_module(module.name)


def _be_untouched(named: Sequence[str]) -> None:
    """See that what is forked begins as a fresh process does: one thread, and of the product only what was named.

    Raises:
        RuntimeError: an import did more than that.
    """
    unnamed = {"function_app", *PRODUCT} - set(named)
    product = [name for name in sys.modules if name.partition(".")[0] in unnamed]
    threads = list(Path("/proc/self/task").iterdir())
    if product or len(threads) > 1:
        raise RuntimeError(f"{len(threads)} threads run, and of the product are imported: {product}")


def _serve(orders: socket.socket) -> Order | None:
    """Fork until the orders end and so have all that were forked. In what was forked, return its order."""
    reports: dict[int, tuple[int, int]] = {}
    ordering = True
    while ordering or reports:
        ready, _, _ = select.select([*([orders.fileno()] if ordering else []), *reports], [], [])
        for ended in reports.keys() & ready:
            _report(ended, *reports.pop(ended))
        if orders.fileno() in ready:
            message, handles, _, _ = socket.recv_fds(orders, _LONGEST_ORDER, len(_STREAMS))
            ordering = bool(message)
            if message and (order := _fork(orders, message, handles, reports)):
                return order
    return None


def _report(ended: int, pid: int, report: int) -> None:
    """Say how a process ended; `ended` is its own descriptor."""
    os.write(report, str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
    os.close(report)
    os.close(ended)


def _fork(
    orders: socket.socket, message: bytes, handles: Sequence[int], reports: dict[int, tuple[int, int]]
) -> Order | None:
    """Fork once: None in the zygote, which notes where to report the end, and the order in what was forked."""
    stdin, output, report = handles
    pid = os.fork()
    if pid:
        reports[os.pidfd_open(pid)] = (pid, report)
        os.close(stdin)
        os.close(output)
        orders.send(str(pid).encode())
        return None
    orders.detach()
    for inherited in (report, *(handle for ended, (_, theirs) in reports.items() for handle in (ended, theirs))):
        os.close(inherited)
    return Order(**json.loads(message), stdin=stdin, output=output)


if __name__ == "__main__":
    main()
