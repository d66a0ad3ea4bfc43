"""How much of an HR source goes by itself. Beyond that a person lets it go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a source may announce by itself, as hires planned or moved.

    `per_hour` and `per_day`: of any. `today`: a day, of those who begin within hours; `moved_to_today`: a day, of those
    among them who were planned for later. `usual`: a day, without being measured by what the source usually sends.
    """

    per_hour: int = 60
    per_day: int = 200
    today: int = 5
    moved_to_today: int = 0
    usual: int = 20
