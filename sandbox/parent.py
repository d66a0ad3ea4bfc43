"""A child process of the sandbox lives no longer than its parent, however that one ended.

`python -m sandbox.parent MODULE ARGUMENTS…` runs a module like `python -m MODULE` under that rule.

The parent holds the other end of the child's standard input and never writes. A pipe is closed by the kernel after
SIGKILL too, from whichever thread the child was started, on every Unix; PR_SET_PDEATHSIG gives none of the three.
"""

import os
import runpy
import sys
import threading


def die_with_parent() -> None:
    """End this process at once when its standard input is closed."""
    threading.Thread(target=_watch, name="parent-watch", daemon=True).start()


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    die_with_parent()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
