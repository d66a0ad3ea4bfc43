"""Where people work, and who collects there."""

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, Json, model_validator

from shared.languages.language import Language
from shared.planning.workdays import WorkWeek
from shared.runtime.guids import Guid
from shared.runtime.places import check_place, work_week
from shared.runtime.settings.channels import Chain, MailAddress
from shared.runtime.settings.values import ClockTime, Country, DayOfWeek, Zone


class Site(BaseModel):
    """A place of work, by the name that HR and Entra's office attribute use. Times are local to `timezone`.

    `contact`: user principal name of who collects where the manager cannot. `deskMail`: who hears each working day of
    the site's next starters and their devices, in place of DESK_MAIL. `collectorChain`: who collects there, in
    place of COLLECTOR_CHAIN; which office counts is Entra's word alone. `language`: in which people there are written
    to whose own is not known. `country` (ISO 3166-1 alpha-2) and `subdivision` tell the public holidays and the
    weekend; `holidays` are the company's own days off besides, and `weekend` names the weekdays where it is another
    than the country's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    timezone: Zone
    start_time: ClockTime | None = Field(default=None, alias="startTime")
    device_group: Guid | None = Field(default=None, alias="deviceGroup")
    contact: MailAddress | None = None
    desk_mail: MailAddress | None = Field(default=None, alias="deskMail")
    language: Language | None = None
    collector_chain: Chain | None = Field(default=None, alias="collectorChain")
    country: Country | None = None
    subdivision: str | None = None
    holidays: frozenset[date] = frozenset()
    weekend: frozenset[DayOfWeek] | None = Field(default=None, max_length=6)

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.country is not None:
            check_place(self.country, self.subdivision)
        elif self.subdivision is not None:
            raise ValueError("a subdivision needs its country beside it, such as DE")
        if self.contact is None and "contact" in (self.collector_chain or ()):
            raise ValueError("its collectorChain names the contact, and it has none: name one, or take it out")
        return self

    def work_week(self, year: int) -> WorkWeek:
        """Return the working days around a year."""
        return work_week(self.country, self.subdivision, year, self.holidays, self.weekend)


class Collectors(BaseModel):
    """Where people work and who collects there, apart from the other settings as HR systems are."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sites: Json[dict[str, Site]] = Field(
        default={},
        alias="SITES",
        description="Places of work: zone, usual start time, working days, device group, contact, who collects.",
    )
    collector_chain: Json[Chain] = Field(
        default=("manager", "contact", "desk"),
        alias="COLLECTOR_CHAIN",
        description="Who collects after an HR event: the first of these who can. A site may have a chain of its own.",
    )

    @property
    def chains(self) -> tuple[tuple[str, Chain], ...]:
        """Every chain, with where it stands."""
        of_sites = ((f"SITES ({name})", site.collector_chain) for name, site in self.sites.items())
        return (("COLLECTOR_CHAIN", self.collector_chain), *((where, chain) for where, chain in of_sites if chain))
