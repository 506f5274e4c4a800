"""Pushes notices to browsers of people who have no page open: a task of every worker process.

A push is claimed, the claim committed, and then it is sent. Whoever dies in between has it sent
again by another: under the same topic and tag, so that a browser shows it once. It is never sent
later than it is of use.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import notices, proofs, pushes
from database.queries.notices import ShownNotice
from database.queries.pushes import ClaimedPush
from database.queries.visibility import Viewer
from database.tables import Account, Agent, PushSubscription, Session
from domain.endpoints.outcomes import PostOutcome
from domain.notices.kinds import CATALOGUE, NoticeKind
from domain.notices.words import About, body, title
from domain.people.roles import Role
from outgoing.posts import PostResult, Posts
from outgoing.web_push import Browser, Signer, request
from security.push_keys import PushKeys
from security.secrets import SecretUnreadable
from translations.catalogue import spoken

PAUSE_SECONDS = 1.0
SECONDS = 10.0
"""For one push. Ours: push services answer in tenths of a second."""
HELD_FOR = timedelta(seconds=30)
"""After this time whoever claimed a push counts as dead. Ours: far above `SECONDS`."""
SENT_AT_ONCE = 16
PAUSES = (timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=60))
"""Between attempts, the last one again and again until the push is too late. Ours."""
GONE = (404, 410)
"""Answers of a push service that does not know the browser any more (RFC 8030, 7.3)."""
NOT_OURS = (401, 403)
"""Answers where the browser's subscription is for another key than ours (RFC 8292, 4.2)."""
KEPT_BYTES = 200
"""Of an answer. Nothing of it is used."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Sendable:
    """A push with all that it needs."""

    push: ClaimedPush
    browser: Browser
    signer: Signer
    payload: bytes
    topic: str
    is_urgent: bool


@dataclass(frozen=True)
class Pushes:
    """Sends pushes. `contact`: where push services can reach who runs the installation."""

    sessions: Sessions
    posts: Posts
    keys: PushKeys
    contact: str

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Send all pushes that are due, then again every `pause` seconds, until cancelled."""
        while True:
            try:
                has_more = await self.send_due()
            except NOT_DONE as error:
                log.warning("pushes_failed", error=type(error).__name__)
                has_more = False
            if not has_more:
                await asyncio.sleep(pause)

    async def send_due(self) -> bool:
        """Send pushes that are due, some in parallel; returns whether there may be more."""
        now = await self.sessions.clock.now()
        claimed = await pushes.claim(
            self.sessions.direct, now, held_for=HELD_FOR, limit=SENT_AT_ONCE
        )
        await asyncio.gather(*(self._see_to(one) for one in claimed))
        return len(claimed) == SENT_AT_ONCE

    async def _see_to(self, push: ClaimedPush) -> None:
        try:
            sendable = await self._prepared(push)
            if sendable is not None:
                await self._settle(push, await self._send(sendable))
        except NOT_DONE as error:  # it is due again when its hold ends
            log.warning("push_failed", push_id=push.id, error=type(error).__name__)

    async def _prepared(self, push: ClaimedPush) -> Sendable | None:
        """Return a push that is of use now. Others are deleted."""
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            found = await self._found(session, push, now)
            if found is None:
                await pushes.end(session, push)
            return found

    async def _found(
        self, session: AsyncSession, push: ClaimedPush, now: datetime
    ) -> Sendable | None:
        browser = await session.get(PushSubscription, push.subscription_id)
        if browser is None or now >= push.expires_at:
            return None
        agent = await _entitled(session, browser, now)
        signer = await self._signer(session)
        if agent is None or signer is None or await pushes.has_page(session, agent.id, now):
            return None
        shown = await notices.some(session, await self._viewer(agent), [push.notice_id])
        if not shown or shown[0].notice.read_at is not None:
            return None
        account = await session.get_one(Account, agent.account_id)
        kind = NoticeKind(shown[0].notice.kind)
        return Sendable(
            push=push,
            browser=Browser(browser.endpoint, browser.p256dh, browser.auth),
            signer=signer,
            payload=payload(
                shown[0],
                push,
                language=agent.interface_language or browser.language,
                shows_text=account.push_shows_text,
            ),
            topic=f"notice-{push.notice_id}",
            is_urgent=kind is NoticeKind.offered,
        )

    async def _signer(self, session: AsyncSession) -> Signer | None:
        pair = await pushes.key(session)
        if pair is None:
            return None
        try:
            return Signer(self.keys.unseal(pair.private_key), self.contact)
        except SecretUnreadable:
            log.error("push_key_unreadable")
            return None

    async def _send(self, sendable: Sendable) -> PostResult:
        now = await self.sessions.clock.now()
        left = sendable.push.expires_at - now
        post = request(
            sendable.browser,
            sendable.signer,
            sendable.payload,
            seconds=max(int(left.total_seconds()), 0),
            topic=sendable.topic,
            is_urgent=sendable.is_urgent,
        )
        return await self.posts.send(post, seconds=SECONDS, keep=KEPT_BYTES)

    async def _viewer(self, agent: Agent) -> Viewer:
        led = (await proofs.people(self.sessions.direct, [agent.id]))[agent.id].led
        sees_all = agent.role != Role.agent and led is None
        return Viewer(agent.account_id, agent.id, sees_all=sees_all, led=led)

    async def _settle(self, push: ClaimedPush, result: PostResult) -> None:
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            if result.outcome is PostOutcome.taken:
                await pushes.took(session, push.subscription_id, now)
                await pushes.end(session, push)
            elif result.status in (*GONE, *NOT_OURS):
                await pushes.forget(session, push.subscription_id)
            elif _may_succeed(result):
                await pushes.postpone(session, push, now + _pause(push, result))
            else:
                log.warning("push_refused", push_id=push.id, status=result.status)
                await pushes.end(session, push)


def _may_succeed(result: PostResult) -> bool:
    """Say whether another attempt may be taken."""
    return result.outcome not in (
        *(PostOutcome.refused, PostOutcome.redirected, PostOutcome.address_refused),
    )


def _pause(push: ClaimedPush, result: PostResult) -> timedelta:
    usual = PAUSES[min(push.tries, len(PAUSES)) - 1]
    return max(usual, timedelta(seconds=result.retry_after or 0))


async def _entitled(
    session: AsyncSession, browser: PushSubscription, now: datetime
) -> Agent | None:
    """Return the browser's owner, None if they are retired or their log-in there has ended."""
    log_in = await session.get(Session, browser.session_hash)
    if log_in is None or log_in.expires_at <= now or log_in.agent_id != browser.agent_id:
        return None
    agent = await session.get_one(Agent, browser.agent_id)
    return agent if agent.retired_at is None else None


def payload(shown: ShownNotice, push: ClaimedPush, *, language: str, shows_text: bool) -> bytes:
    """Return what the browser is told: JSON. Texts and names of consumers only if allowed."""
    notice = shown.notice
    kind = NoticeKind(notice.kind)
    about = About(
        kind=kind,
        why=notice.why,
        by=shown.by,
        who=shown.who if shows_text else None,
        skill=shown.skill,
        text=shown.text if shows_text else None,
        times=notice.times,
        alert=notice.data.get("alert"),
        subject=notice.data.get("name"),
    )
    above, below = title(about), body(about)
    merges = CATALOGUE[kind].merges
    return json.dumps(
        {
            "id": notice.id,
            "kind": str(kind),
            "title": spoken(language, above.sentence, above.values),
            "body": spoken(language, below.sentence, below.values) if below else "",
            "conversation_id": str(notice.conversation_id) if notice.conversation_id else None,
            "tag": f"{kind}/{notice.conversation_id}" if merges else f"notice/{notice.id}",
            "at": notice.at.isoformat(),
            "expires_at": push.expires_at.isoformat(),
        },
        ensure_ascii=False,
    ).encode()
