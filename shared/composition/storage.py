"""Tables, queues and containers, and the stores that lie in them."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.surroundings import Surroundings

if TYPE_CHECKING:
    from shared.onboarding.audit.census import Census
    from shared.onboarding.deliveries.store import DeliveryStore
    from shared.onboarding.people import People
    from shared.onboarding.records.store import RecordStore
    from shared.onboarding.store import Store
    from shared.runtime.containers import Containers
    from shared.runtime.leases import Cells, Leases
    from shared.runtime.seals import Seals
    from shared.runtime.storage import Queues, Tables


@dataclass(frozen=True)
class Storage:
    """All that is kept."""

    here: Surroundings

    @cached_property
    def tables(self) -> "Tables":
        """The tables, by name."""
        from shared.runtime.storage import Tables

        return Tables(self.here.settings.table_service, self.here.credential)

    @cached_property
    def queues(self) -> "Queues":
        """The queues, by name."""
        from shared.runtime.storage import Queues

        return Queues(self.here.settings.queue_service, self.here.credential)

    @cached_property
    def containers(self) -> "Containers":
        """The containers in which HR systems leave tables."""
        from shared.runtime.containers import Containers

        return Containers(self.here.settings.blob_service or "", self.here.credential)

    @cached_property
    def onboardings(self) -> "Store":
        """The rows of onboardings, with their due times and audits."""
        from shared.onboarding.row_codes import RowCodes
        from shared.onboarding.schedule.keeping import Keep
        from shared.onboarding.store import Store

        settings = self.here.settings
        codes = RowCodes.under(settings.row_secrets, settings.unsigned_rows_until)
        spans = (settings.retention_days, settings.audit_days, settings.device_group_days)
        data, people, devices = (timedelta(days=days) for days in spans)
        keep = Keep(data, people, devices, frozenset(settings.tell_opened))
        return Store(self.tables.onboardings, codes, self.here.clock, keep)

    @cached_property
    def census(self) -> "Census":
        """Reads all onboardings, for counting."""
        from shared.onboarding.audit.census import Census

        return Census(self.tables.onboardings)

    @cached_property
    def people(self) -> "People":
        """Which onboardings a person has."""
        from shared.onboarding.people import People
        from shared.runtime.leases import Cells

        return People(Cells(self.tables.people))

    @cached_property
    def records(self) -> "RecordStore":
        """Records that HR systems named."""
        from shared.onboarding.records.store import RecordStore

        return RecordStore(self.tables.people)

    @cached_property
    def deliveries(self) -> "DeliveryStore":
        """What HR systems delivered lately, sealed."""
        from shared.onboarding.deliveries.store import DeliveryStore

        return DeliveryStore(self.tables.people, self.seals)

    @cached_property
    def seals(self) -> "Seals":
        """Seals what only the app may read."""
        from shared.runtime.seals import Seals

        return Seals.under(self.here.settings.row_secrets)

    @cached_property
    def cells(self) -> "Cells":
        """Single values that all instances share."""
        from shared.runtime.leases import Cells

        return Cells(self.tables.leases)

    @cached_property
    def leases(self) -> "Leases":
        """Who may act on what at the moment."""
        from shared.runtime.leases import Leases

        return Leases(self.cells, self.here.clock)
