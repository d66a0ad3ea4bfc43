"""The ways of a device into the scope of the Web sign-in profile."""

from enum import StrEnum


class Strategy(StrEnum):
    """How a hire's device comes into the scope of the Web sign-in profile.

    `assign-group`: its group is assigned, and others see to it that the device is in the group. `steady-group`: the
    group is assigned once, and this app has the device join it.
    """

    ASSIGN_GROUP = "assign-group"
    STEADY_GROUP = "steady-group"
