"""The index: what this world is, its clock, who is coming, what has happened, and the way to everything else."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.tenant import lockscreen, pass_rules, seed
from sandbox.tenant.clock import ClockWouldGoBackError
from sandbox.tenant.faces import index_parts as parts
from sandbox.tenant.faces.app_link import AppLink
from sandbox.tenant.faces.company import ODD, device_of, hires, zone_of
from sandbox.tenant.faces.hire_event import KINDS, FormError, asked_for
from sandbox.tenant.faces.markup import Markup, fill, join
from sandbox.tenant.faces.moments import Moment, city, next_morning, next_notice
from sandbox.tenant.faces.posting import Outcome, post_event, run_timer
from sandbox.tenant.faces.shell import Face, respond, see_other
from sandbox.tenant.faces.story import Happening, Visits, happenings
from sandbox.tenant.faces.travel import travel
from sandbox.tenant.tenant import Tenant
from sandbox.tenant.times import duration, graph_time

_HOME_ZONE = "Europe/Berlin"
_FACE = Face("The world", "index", path="/")
_STEPS = {"PT1M": "+1 minute", "PT1H": "+1 hour"}
_MOST_TOLD = 14


@dataclass(frozen=True, slots=True)
class Index:
    """The handlers of the index and its forms."""

    tenant: Tenant
    app: AppLink | None
    visits: Visits = field(default_factory=Visits)

    def routes(self) -> list[web.RouteDef]:
        """List them as routes."""
        return [
            web.get("/", self.show),
            web.post("/_faces/clock", self.move_clock),
            web.post("/_faces/hire", self.post_event),
            web.post("/_faces/sweep", self.sweep),
        ]

    async def show(self, _: web.Request) -> web.Response:
        """GET /."""
        return self._page()

    async def move_clock(self, request: web.Request) -> web.Response:
        """POST a step (`advance`), an instant (`to`), or a date and time (`local`) in a `zone`; 409 for a step back."""
        form = await request.post()
        clock = self.tenant.clock
        try:
            if "advance" in form:
                to = clock.now() + duration(str(form["advance"]))
            else:
                to = _instant(str(form.get("to", "")), str(form.get("local", "")), str(form.get("zone", "")))
            await travel(clock, to, list(self.visits.starts.values()), self.app)
        except ClockWouldGoBackError:
            return self._page("The clock runs forward only: choose a later moment.", HTTPStatus.CONFLICT)
        except (ValueError, OverflowError, LookupError):
            return self._page("That is no date and time this clock can show.", HTTPStatus.BAD_REQUEST)
        self._note(Happening(clock.now(), "The clock was moved to here"))
        return see_other("/")

    async def post_event(self, request: web.Request) -> web.Response:
        """POST an HR event about a hire to the app, signed as the HR system signs."""
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        now = self.tenant.clock.now()
        if self.app is None:
            return self._page("This tenant runs alone: there is no app to post to.", HTTPStatus.CONFLICT)
        try:
            asked = asked_for(self.tenant.state, form, now)
        except FormError as fault:
            return self._page(f"Nothing was posted: {fault}.", HTTPStatus.BAD_REQUEST)
        outcome = await post_event(self.app, asked.event, now)
        kind = KINDS[asked.event["type"]]
        words = f"HR posted a {kind} for {asked.person.name}, start {asked.start.day:%a %d %b}. {outcome.words}"
        self._note(_told(now, words, outcome))
        if outcome.good:
            self.visits.starts[asked.person.key] = asked.start
        return see_other("/")

    async def sweep(self, _: web.Request) -> web.Response:
        """POST: run the app's sweep now."""
        if self.app is None:
            return self._page("This tenant runs alone: there is no app to sweep.", HTTPStatus.CONFLICT)
        outcome = await run_timer(self.app, "sweep")
        self._note(_told(self.tenant.clock.now(), f"The sweep was asked for. {outcome.words}", outcome))
        return see_other("/")

    def _note(self, note: Happening) -> None:
        self.visits.begin_anew_with(self.tenant.state)
        self.visits.notes.append(note)

    def _page(self, complaint: str = "", status: int = 200) -> web.Response:
        self.visits.begin_anew_with(self.tenant.state)
        now = self.tenant.clock.now()
        main = fill(
            parts.PAGE,
            complaint=fill(parts.COMPLAINT, words=complaint) if complaint else Markup(""),
            clock=self._clock(now),
            coming=join(self._hire(person, now) for person in hires(self.tenant.state, clean=True)),
            odd=join(self._hire(person, now) for person in hires(self.tenant.state, clean=False)),
            form=Markup(parts.EVENT_FORM) if self.app else Markup(parts.ALONE),
            story=self._story(),
            links=self._links(),
        )
        return respond(self.tenant, _FACE, main, status)

    def _clock(self, now: datetime) -> Markup:
        starts = self.visits.starts.values()
        local = now.astimezone(ZoneInfo(_HOME_ZONE))
        return fill(
            parts.CLOCK,
            time=f"{local:%H:%M:%S}",
            date=f"{local:%A %d %B %Y}",
            zone=_HOME_ZONE,
            steps=join(fill(parts.STEP, duration=step, words=words) for step, words in _STEPS.items()),
            notice=_jump("Next notice", next_notice(now, starts, _HOME_ZONE)),
            morning=_jump("Next morning", next_morning(now, starts, _HOME_ZONE)),
            local=f"{local:%Y-%m-%dT%H:%M}",
            zones=join(fill(parts.ZONE, zone=site.timezone, city=city(site.timezone)) for site in seed.SITES),
            sweep=Markup(parts.SWEEP) if self.app else Markup(""),
        )

    def _hire(self, person: seed.Person, now: datetime) -> Markup:
        state = self.tenant.state
        body = state.users[person.id]
        zone = zone_of(body)
        manager = state.users.get(state.managers.get(person.id, ""))
        device = device_of(state, person.id)
        return fill(
            parts.HIRE,
            key=person.key,
            name=body["displayName"],
            wrong=fill(parts.WRONG, words=ODD[person.key]) if person.key in ODD else Markup(""),
            place=f"{body['officeLocation']} · {body['department']}",
            zone=zone,
            local=f"{now.astimezone(ZoneInfo(zone)):%a %H:%M}",
            state=join(fill(parts.CHIP, tone=tone, words=words) for tone, words in self._standing(person, zone, now)),
            manager=_mailbox(manager["displayName"], manager["mail"]) if manager and manager["mail"] else Markup("–"),
            device=_screen(device["displayName"], device["deviceId"]) if device else Markup("–"),
            post=fill(parts.POST, key=person.key, name=body["displayName"]) if self.app else Markup(""),
        )

    def _standing(self, person: seed.Person, zone: str, now: datetime) -> list[tuple[str, str]]:
        """Say where a hire stands, as the tenant sees it: (tone, words)."""
        state = self.tenant.state
        said = []
        if start := self.visits.starts.get(person.key):
            said.append(("plain", f"starts {start.day:%a %d %b} at {start.at:%H:%M}"))
        if held := state.passes.get(person.id):
            usable = pass_rules.usability(state, held, now) == pass_rules.USABLE
            ends = pass_rules.end(held).astimezone(ZoneInfo(zone))
            begins = held.start.astimezone(ZoneInfo(zone))
            said.append(
                ("good", f"pass until {ends:%H:%M}") if usable else ("plain", f"pass {begins:%H:%M}–{ends:%H:%M}")
            )
        device = device_of(state, person.id)
        if device and lockscreen.why_no_globe(state, device) is None:
            said.append(("good", "globe"))
        here = lockscreen.session(state, device["id"], now) if device else None
        if here and here.user_id == person.id:
            said.append(("good", "signed in"))
        return said

    def _story(self) -> Markup:
        told = happenings(self.tenant.state, self.visits, _MOST_TOLD)
        if not told:
            return Markup(parts.NOTHING_YET)
        return join(
            fill(
                parts.HAPPENING,
                at=graph_time(one.at),
                time=f"{one.at.astimezone(ZoneInfo(_HOME_ZONE)):%a %H:%M}",
                tone=one.tone,
                words=fill(parts.LINK, path=one.link, words=one.words) if one.link else one.words,
            )
            for one in told
        )

    def _links(self) -> Markup:
        mails = len(self.tenant.state.mails)
        found = [
            ("/inbox", "Inbox", f"{mails} {'mail' if mails == 1 else 'mails'}, as recipients see them"),
            ("/lock-screen", "Lock screen", "of every device, with the Web sign-in globe where it is in scope"),
            ("/requests", "Requests", "every Graph request of the app, codes masked"),
            ("/traces", "Traces", "what the app tells of each hire, from the event to the sign-in"),
        ]
        if self.app:
            found += [
                (f"{self.app.address}/api/health", "Health", "what the app says of itself (JSON)"),
                (f"{self.app.address}/.auth/me", "Who am I", "whom the app takes this browser for (JSON)"),
            ]
        found.append(("/_sandbox/directory", "Directory", "the whole tenant as data (JSON)"))
        return join(fill(parts.DOOR, path=path, name=name, words=words) for path, name, words in found)


def _instant(instant: str, local: str, zone: str) -> datetime:
    if instant:
        return datetime.fromisoformat(instant).astimezone(UTC)
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _jump(words: str, moment: Moment) -> Markup:
    return fill(parts.JUMP, to=graph_time(moment.at), words=words, shown=moment.shown())


def _told(now: datetime, words: str, outcome: Outcome) -> Happening:
    return Happening(now, words, "plain" if outcome.good else "bad")


def _mailbox(name: str, mail: str) -> Markup:
    return fill(parts.LINK, path=f"/inbox?{urlencode({'box': mail})}", words=name)


def _screen(name: str, device: str) -> Markup:
    return fill(parts.LINK, path=f"/lock-screen?{urlencode({'device': device})}", words=name)
