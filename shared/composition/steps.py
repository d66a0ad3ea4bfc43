"""The steps of an onboarding that lead to the pass and away from it again."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shared.composition.eligibility import Eligibility
from shared.composition.ground import Ground
from shared.composition.requests import Requests

if TYPE_CHECKING:
    from shared.handover.keys.links import Addresses
    from shared.handover.sending.deliver import Delivering
    from shared.handover.sending.invite import Inviting
    from shared.handover.sending.news import News
    from shared.handover.sending.remind import Reminding
    from shared.handover.sending.tell import Telling
    from shared.onboarding.steps.tidy import Tidying
    from shared.onboarding.steps.watching import Watching
    from shared.passes.issue import Issuing


@dataclass(frozen=True)
class Steps:
    """What does each step when it is due, one for each queue; the device's have a room of their own."""

    ground: Ground
    eligibility: Eligibility
    requests: Requests

    @cached_property
    def inviting(self) -> "Inviting":
        """Mails notices and links."""
        from shared.handover.sending.invite import Announcing, Inviting

        ground = self.ground
        announcing = Announcing(ground.storage.people, ground.releasing)
        return Inviting(ground.context, self.eligibility.preflight, self._delivering, announcing, self._addresses)

    @property
    def _delivering(self) -> "Delivering":
        from shared.handover.sending.deliver import CodeChannel, Delivering, HiresTelephone, ManagersMail, OwnMailbox
        from shared.handover.sending.nudges import Nudging
        from shared.onboarding.collector import Route

        channels = self.ground.channels
        mailer = OwnMailbox(channels.mailer)
        codes: dict[Route, CodeChannel] = {Route.HIRE_MANAGER: ManagersMail(mailer)}
        if channels.texter is not None:
            codes[Route.HIRE_TEXT] = HiresTelephone(channels.texter)
        return Delivering(mailer, codes, Nudging(channels.nudger))

    @cached_property
    def issuing(self) -> "Issuing":
        """Makes passes."""
        from shared.passes.issue import Issuing

        ground = self.ground
        passes, leases = ground.tenant.passes, ground.storage.leases
        return Issuing(ground.context, self.eligibility.preflight, passes, ground.budget, leases)

    @cached_property
    def tidying(self) -> "Tidying":
        """Ends, forgets, revokes, learns of use, erases."""
        from shared.onboarding.brakes.telling import TellingHolds
        from shared.onboarding.steps.tidy import Doers, Tidying
        from shared.passes.holdings import Holdings
        from shared.passes.review import Reviewing

        ground, context = self.ground, self.ground.context
        holdings = Holdings(context, ground.tenant.passes, ground.budget)
        reviewing = Reviewing(context, self.eligibility.preflight, self._reminding)
        holds = TellingHolds(context, ground.counting, ground.channels.mailer, ground.here.settings.desk_mail)
        doers = Doers(holdings, reviewing, self._telling, holds, self._watching, self.requests.erasing)
        return Tidying(context, doers, ground.hints)

    @property
    def _telling(self) -> "Telling":
        from shared.handover.sending.tell import Telling
        from shared.handover.sending.together import Together

        ground, storage = self.ground, self.ground.storage
        mailer, desk = ground.channels.mailer, ground.here.settings.desk_mail
        together = Together(storage.onboardings, storage.people, storage.leases, mailer, desk)
        return Telling(ground.context, mailer, self._news, together)

    @property
    def _news(self) -> "News":
        from shared.handover.sending.news import Hears, News

        settings = self.ground.here.settings
        told = (settings.tell_opened, settings.tell_not_opened, settings.tell_locked, settings.tell_revoked)
        hears = Hears(*map(frozenset, told))
        return News(self.eligibility.recipients, self._addresses, self.ground.reissue_window, hears)

    @property
    def _watching(self) -> "Watching":
        from shared.onboarding.steps.standing import Standing
        from shared.onboarding.steps.watching import Learned, Watching

        ground, tenant = self.ground, self.ground.tenant
        standing = Standing(ground.context, tenant.directory, self.eligibility.rules)
        logs = (tenant.sign_ins, tenant.registrations)
        return Watching(ground.context, ground.storage.leases, logs, Learned(self._reminding, standing))

    @cached_property
    def _reminding(self) -> "Reminding":
        from shared.handover.sending.remind import Reminding

        ground = self.ground
        return Reminding(ground.channels.mailer, ground.context.brakes, ground.here.settings.desk_mail)

    @property
    def _addresses(self) -> "Addresses":
        from shared.handover.keys.links import Addresses

        settings = self.ground.here.settings
        return Addresses(settings.link_base_url, settings.desk_mail)
