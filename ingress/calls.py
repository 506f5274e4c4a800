"""Handles a provider's voice webhooks: plays a menu, and texts those callers who want it.

Each webhook is one transaction with the call's row locked, committed before the answer: a caller
hears "we have texted you" only once that is stored. What a text needs beyond that happens later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import calls, menus
from database.queries.calls import NewCall
from database.queries.inbound import LineRoute
from database.queries.menus import MenuAt
from database.tables import PhoneCall
from domain.calls import dialogue
from domain.calls.callers import caller_of
from domain.calls.course import LATE_CHOICE
from domain.calls.dialogue import Next, Position, Step, Turn
from domain.calls.evidence import Evidence
from domain.calls.kinds import WhyNot
from domain.calls.menu import PassOn
from domain.errors import NumberInvalid
from domain.ids import SLUG
from domain.numbers.phone_numbers import key_of
from ingress.authentication import WebhookAuthenticator
from ingress.call_texts import Texting, ask, course_of, standing, texting
from ingress.errors import LineUnknown, NotForThisLine, NotTaken, NotUnderstood
from ingress.visits import Visit, refusals_counted
from providers.contract import (
    Provider,
    WebhookAnswer,
    WebhookRefused,
    WebhookRequest,
    WebhookUnreadable,
)
from providers.voice import CallNews, Script, Stage, TakesCalls, WasTaken, taker
from tracing.redaction import redacted
from tracing.trace import Trace

log = structlog.stdlib.get_logger()

MOST_VERSIONS = 10**9
"""Above the versions of any menu, and within the database's numbers."""


@dataclass(frozen=True)
class Placed:
    """A call with its menu: what it stands at, and who would text its caller."""

    call: PhoneCall
    menu: MenuAt
    by: Texting
    at: Position


@dataclass(frozen=True)
class Calls:
    """Answers voice webhooks. `public_url`: ours, without a path."""

    sessions: Sessions
    authenticator: WebhookAuthenticator
    trace: Trace = field(repr=False)
    public_url: str

    async def take(
        self, provider: str, stage: Stage, line_id: str, request: WebhookRequest
    ) -> WebhookAnswer:
        """Answer one webhook about a call.

        Raises `LineUnknown`, `NotFromProvider`, `NotUnderstood`, `NotForThisLine` for a number
        without a menu, and `NotTaken` when one of our services does not answer.
        """
        try:
            with refusals_counted(self.trace, line_id, request):
                at, adapter = await self.authenticator.admit(
                    self.sessions, provider, line_id, request
                )
            return await self._answer(at, adapter, stage, request)
        except NOT_DONE as error:
            log.warning("call_not_taken", line=line_id, error=type(error).__name__)
            raise NotTaken from error

    async def _answer(
        self, at: LineRoute, adapter: Provider, stage: Stage, request: WebhookRequest
    ) -> WebhookAnswer:
        plays = taker(adapter)
        if plays is None:
            raise LineUnknown
        visit = Visit(at, request)
        try:
            news = _read(plays, stage, request)
            visit.words = news.heard.speech
            answer = await self._play(at, plays, adapter.description.name, news)
            visit.status, visit.answer = answer.status, redacted(answer.body, "text/xml")
            return answer
        finally:
            visit.keep(self.trace)

    async def _play(
        self, at: LineRoute, plays: TakesCalls, provider: str, news: CallNews
    ) -> WebhookAnswer:
        if news.is_outgoing:
            return plays.play_nothing()
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            placed = await _placed(session, at, news)
            turn = await _turn(session, placed, news, now)
        if turn is None:
            return plays.play_nothing()
        base = f"{self.public_url}/webhooks/{provider}/{at.line_id}"
        waiting = placed.menu.design.keep_waiting
        return plays.play(Script(turn, waiting, base, _position(placed.menu, turn)))


def _read(plays: TakesCalls, stage: Stage, request: WebhookRequest) -> CallNews:
    try:
        return plays.read_call(request, stage)
    except (WebhookRefused, WebhookUnreadable) as error:
        raise NotUnderstood from error


async def _placed(session: AsyncSession, at: LineRoute, news: CallNews) -> Placed:
    """Return the call a webhook is about, stored if it is new, with the menu its caller hears.

    Raises `NotForThisLine` for a number without a menu.
    """
    call = await calls.known_to_provider(session, at.connector_id, news.provider_call_id)
    menu = await _menu(session, at, news, call)
    if menu is None:
        log.warning("call_without_menu", line=at.line_id)
        raise NotForThisLine
    by = await texting(session, at.account_id, menu.design, menu.menu.name)
    if by is None:
        raise LineUnknown
    if call is None:
        call = await calls.of_provider(session, _new(at, news, menu, by))
    return Placed(call, menu, by, _standing_at(menu, news.position))


async def _menu(
    session: AsyncSession, at: LineRoute, news: CallNews, call: PhoneCall | None
) -> MenuAt | None:
    """Return the menu in the version that the caller hears: of their call, or of the number."""
    if call is not None and call.menu_id and call.menu_version is not None:
        return await menus.version_of(session, at.account_id, call.menu_id, call.menu_version)
    named, version = news.position.get("menu", ""), news.position.get("version", "")
    if SLUG.fullmatch(named) and version.isascii() and version.isdigit():
        number = min(int(version[:10]), MOST_VERSIONS)
        if found := await menus.version_of(session, at.account_id, named, number):
            return found
    try:
        return await menus.at_number(session, at.account_id, key_of(news.called))
    except NumberInvalid:
        return None


def _new(at: LineRoute, news: CallNews, menu: MenuAt, by: Texting) -> NewCall:
    design = menu.design
    return NewCall(
        account_id=at.account_id,
        connector_id=at.connector_id,
        provider_call_id=news.provider_call_id,
        caller=news.caller,
        called=news.called,
        menu_id=menu.menu.id,
        menu_version=menu.version.version,
        line_id=by.line.id,
        skill_id=design.skill or by.account.default_skill_id or by.line.entry_skill_id,
        language=design.languages[0],
        look_back_seconds=design.look_back_seconds,
    )


def _standing_at(menu: MenuAt, position: Mapping[str, str]) -> Position:
    """Return where a call stands, as our own address says, or at the beginning."""
    language, step = position.get("language", ""), position.get("step", "")
    languages, tries = menu.design.languages, position.get("tries", "")
    return Position(
        language=language if language in languages else languages[0],
        step=Step(step) if step in list(Step) else Step.offer,
        tries=int(tries) if tries.isascii() and tries.isdigit() and len(tries) == 1 else 0,
    )


def _position(menu: MenuAt, turn: Turn) -> dict[str, str]:
    return {
        "menu": menu.menu.id,
        "version": str(menu.version.version),
        "language": turn.at.language,
        "step": turn.at.step.value,
        "tries": str(turn.at.tries),
    }


async def _turn(
    session: AsyncSession, placed: Placed, news: CallNews, now: datetime
) -> Turn | None:
    """Return what the caller hears next; None: nothing."""
    call, speaker = placed.call, placed.by.speaker
    if news.stage is Stage.ended:
        _end(placed, news, now)
        return None
    if news.was_taken in (WasTaken.taken, WasTaken.texted, WasTaken.gone):
        if news.was_taken is WasTaken.taken:
            call.connected_at, call.why_not = call.connected_at or now, None
        return None
    why_not = await standing(session, placed.by, caller_of(call.caller))
    if call.message_id is not None:
        why_not = None  # it was texted already, and a repeated press is told so
    match news.stage:
        case Stage.begin:
            turn = dialogue.begin(speaker, why_not)
        case Stage.choice:
            turn = dialogue.go_on(speaker, placed.at, news.heard, why_not)
        case Stage.wait:
            turn = dialogue.hold(speaker, placed.at, why_not)
        case Stage.dialled | Stage.left_queue:
            turn = dialogue.nobody_took(speaker, placed.at, why_not)
    if turn.asked:
        await _ask(session, placed, news, now)
    is_passed_on = isinstance(placed.menu.design.keep_waiting, PassOn)
    if turn.then is Next.keep_waiting and is_passed_on:
        call.passed_on_at = call.passed_on_at or now
    return turn


async def _ask(session: AsyncSession, placed: Placed, news: CallNews, now: datetime) -> None:
    menu, speaker = placed.menu, placed.by.speaker
    evidence = Evidence.of(speaker, placed.at, news.heard, menu.menu.id, menu.version.version, now)
    why_not = await ask(session, placed.by, placed.call, evidence)
    log.info("call_asked", line=placed.by.line.id, why_not=why_not and why_not.value)


def _end(placed: Placed, news: CallNews, now: datetime) -> None:
    """Keep that a call ended, and plan a text if nobody spoke to the caller."""
    call = placed.call
    if news.ending is None or call.ending is not None:
        return
    call.ending, call.ended_at = news.ending.value, now
    if not course_of(call).was_missed or call.message_id:
        return
    if placed.menu.design.texts_missed:
        call.text_due_at = now + LATE_CHOICE
    else:
        call.why_not = call.why_not or WhyNot.not_allowed
