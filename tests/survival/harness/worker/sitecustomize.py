"""Python runs this at the start of a process that has this folder on PYTHONPATH: only workers of survival tests do."""

import os

if os.environ.get("SURVIVAL_ORDERS"):
    import survival_wire  # type: ignore[import-not-found]

    survival_wire.watch_the_wire()
