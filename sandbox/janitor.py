"""Removes the directory named as its argument once standard input is closed, that is once its parent is gone.

Started by `sandbox.processes` as a script of its own, without site packages, so that it costs next to nothing.
"""

import shutil
import sys
import time
from pathlib import Path

_TRIES = 100


def main() -> None:
    """Wait for the parent's end, then remove the directory; its processes may write for a moment longer."""
    directory = Path(sys.argv[1])
    sys.stdin.buffer.read()
    for _ in range(_TRIES):
        shutil.rmtree(directory, ignore_errors=True)
        time.sleep(0.05)
        if not directory.exists():
            return


if __name__ == "__main__":
    main()
