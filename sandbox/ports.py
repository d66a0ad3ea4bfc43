"""Free ports on loopback, without two sandboxes on one machine ever choosing the same one."""

import random
import socket

# Below the range from which systems draw ports of outgoing connections, so that none of those gets in between.
_RANGE = range(20000, 30000)
_ATTEMPTS = 200


class NoFreePortError(Exception):
    """No port was free, or the one asked for is taken."""


class PortReservation:
    """Ports kept by this process until `release`, or until it ends in whatever way.

    A reservation is a bound UDP socket of the same number: the kernel's own mutex between processes, which leaves
    the TCP port free for the server that is to have it.
    """

    def __init__(self) -> None:
        self._held: list[socket.socket] = []

    def take(self, wanted: int | None = None) -> int:
        """Reserve a TCP port on 127.0.0.1 and return its number.

        Raises:
            NoFreePortError: `wanted` is in use, or no free port was found.
        """
        if wanted is not None:
            if not self._reserve(wanted):
                raise NoFreePortError(f"port {wanted} on 127.0.0.1 is in use: stop its owner or choose another")
            return wanted
        for _ in range(_ATTEMPTS):
            port = random.choice(_RANGE)
            if self._reserve(port):
                return port
        raise NoFreePortError(f"none of {_ATTEMPTS} ports tried on 127.0.0.1 was free")

    def release(self) -> None:
        """Give all ports back."""
        while self._held:
            self._held.pop().close()

    def _reserve(self, port: int) -> bool:
        mutex = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            mutex.bind(("127.0.0.1", port))
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            mutex.close()
            return False
        self._held.append(mutex)
        return True
