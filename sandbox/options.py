"""How a world is made."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.processes import ROOT
from sandbox.storage import QUEUES, TABLES


@dataclass(frozen=True, slots=True)
class Options:
    """How a world is made. `settings` override the usual ones of every host; times are real seconds.

    `python` runs the hosts. `ports` may fix some of app, tenant, blob, queue and table; the others are free ones.
    `access_log`: storage prints a line for every request, for whoever counts them. `durable`: what is stored
    outlives a stop of storage. `faces`: the tenant's pages can post to the app as its HR system. `zygote`: hosts
    are forked where the system allows it, see `sandbox.zygote`. `telemetry`: the app tells the tenant of its work,
    as it always does in a world with faces.
    """

    app: Path = ROOT
    python: Path = Path(sys.executable)
    hosts: int = 1
    timers: bool = True
    invisibility: float = 600.0
    timer_lease: float = 15.0
    settings: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[str, ...] = TABLES
    queues: tuple[str, ...] = QUEUES
    ports: Mapping[str, int] = field(default_factory=dict)
    access_log: bool = False
    durable: bool = False
    faces: bool = False
    telemetry: bool = False
    zygote: bool = False
    host_arguments: tuple[str, ...] = ()
    tenant_module: str = "sandbox.tenant"
