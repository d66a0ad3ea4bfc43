"""A child process of the sandbox lives no longer than its parent, however that one ended.

The parent holds the other end of the child's standard input and never writes. A pipe is closed by the kernel after
SIGKILL too, from whichever thread the child was started, on every Unix; PR_SET_PDEATHSIG gives none of the three.
"""

import os
import sys
import threading


def die_with_parent() -> None:
    """End this process at once when its standard input is closed."""
    threading.Thread(target=_watch, name="parent-watch", daemon=True).start()


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(0)
