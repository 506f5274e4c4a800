"""Helpers for tests of outgoing texts."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import select, update
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contract import SendRequest, SendResult
from activities.sending import Sending
from database.engine import Sessions
from database.queries import paces, standalone
from database.queries.consent import Consenting
from database.tables import Connector, Line, Message
from domain.conversation.kinds import Author, Status
from domain.delivery.message_status import MessageStatus
from domain.errors import Unavailable
from outgoing.connectors import Connectors
from outgoing.holds import Holds
from outgoing.lookups import Lookups
from outgoing.sender import Sender
from outgoing.standalone import Standalone
from outgoing.submission import Submission
from outgoing.time_outs import TimeOuts
from providers.contract import Accepted, Sought
from providers.credentials import Credentials
from providers.twilio.adapter import Twilio
from security.secrets import Keyring, SecretBox
from settings import Settings
from tests.database.transcripts import consumer_of, new_conversation
from tests.fixtures.brand import ENCRYPTION_KEYS, Brand, new_thread
from tests.fixtures.links import LINKS
from tracing.trace import Trace

PHONE = "+15550123"
AT_ONCE = TimeOuts(
    callback=timedelta(),
    overtaking=timedelta(),
    call=timedelta(),
    doubt=timedelta(),
    first_check=timedelta(),
)
"""Time-outs without any waiting."""


@dataclass
class Heard:
    """A stand-in for conversations that records signalled opt-outs."""

    is_away: bool = False
    opted_out_of: list[str] = field(default_factory=list)

    async def opted_out(
        self, workflow: str, conversation_id: str | None = None, *, is_block: bool = False
    ) -> bool:
        if self.is_away:
            raise Unavailable
        self.opted_out_of.append(workflow)
        return True


class Counting(Twilio):
    """The adapter, which counts its look-ups; each takes a moment."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        super().__init__(http)
        self.asked: Counter[str] = Counter()
        self.looked_up = 0

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        self.asked[provider_message_id] += 1
        await asyncio.sleep(0.05)
        return await super().ask(provider_message_id, credentials)

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        self.looked_up += 1
        await asyncio.sleep(0.05)
        return await super().find(sought, credentials)


@dataclass
class WayOut:
    """One brand's texts, the activity that sends them and the task that looks them up."""

    brand: Brand
    settings: Settings
    sessions: Sessions
    http: httpx2.AsyncClient
    url: str
    conversations: Heard = field(default_factory=Heard)
    conversation_id: UUID | None = None
    count: int = 0

    def __post_init__(self) -> None:
        self.twilio = Counting(self.http)
        box = SecretBox(Keyring.parse(ENCRYPTION_KEYS))
        self.trace = Trace(self.sessions)
        self.connectors = Connectors({"twilio": self.twilio}, box)

    async def text(self, words: str = "Answer", *, age: timedelta = timedelta()) -> UUID:
        """Queue a text in the conversation; returns its id."""
        if self.conversation_id is None:
            self.conversation_id = await new_conversation(
                self.sessions, self.brand, Status.assigned, number=PHONE
            )
        self.count += 1
        message = Message(
            id=uuid4(),
            account_id=self.brand.account_id,
            line_id=self.brand.line_id,
            consumer_id=await consumer_of(self.sessions, self.conversation_id),
            conversation_id=self.conversation_id,
            position=self.count,
            author=Author.agent.value,
            agent_id=self.brand.ann.agent_id,
            text=words,
            written_at=datetime.now(UTC) - age,
            status=MessageStatus.queued.value,
        )
        async with self.sessions.begin() as session:
            session.add(message)
        return message.id

    async def standalone(
        self,
        words: str = "Notice",
        *,
        number: str = PHONE,
        age: timedelta = timedelta(),
        is_consent_reply: bool = False,
    ) -> UUID:
        """Queue a text without a conversation; returns its id."""
        text = uuid4()
        assert await self.written(
            text, words, number=number, age=age, is_consent_reply=is_consent_reply
        )
        return text

    async def written(
        self,
        text: UUID,
        words: str,
        *,
        number: str = PHONE,
        age: timedelta = timedelta(),
        is_consent_reply: bool = False,
    ) -> bool:
        """Store a text without a conversation; returns whether it was new."""
        to = await self.to(number)
        written_at = datetime.now(UTC) - age
        ids = (to.account_id, to.line_id, to.consumer_id)
        async with self.sessions.begin() as session:
            return await standalone.add(
                session,
                standalone.NewText(
                    text, *ids, words, written_at, is_consent_reply=is_consent_reply
                ),
            )

    async def to(self, number: str = PHONE) -> Consenting:
        """Return the consumer with a phone on the line."""
        thread = await new_thread(self.sessions, self.brand, number)
        return Consenting(thread.account_id, UUID(thread.consumer_id), thread.line_id)

    async def send_standalone(self, time_outs: TimeOuts = AT_ONCE) -> bool:
        """Send texts that are due, as one worker; returns whether there were any."""
        return await self.sends_standalone(time_outs).send_due()

    def sends_standalone(self, time_outs: TimeOuts = AT_ONCE) -> Standalone:
        """Return the task of another worker process."""
        return Standalone(self.sessions, self.sender(time_outs))

    async def send(self, *texts: UUID, time_outs: TimeOuts = AT_ONCE) -> SendResult | None:
        """Make one attempt as Temporal does; None when it asks for another one."""
        sending = Sending(self.sender(time_outs))
        request = SendRequest(message_ids=tuple(str(text) for text in texts))
        try:
            return await ActivityEnvironment().run(sending.send, request)
        except ApplicationError as error:
            if error.non_retryable:
                raise
            return None

    async def sends(self, *texts: UUID, time_outs: TimeOuts = AT_ONCE) -> SendResult:
        """Make attempts until one ends, as Temporal does; returns its result."""
        async with asyncio.timeout(90):
            while True:
                if done := await self.send(*texts, time_outs=time_outs):
                    return done
                await asyncio.sleep(0.05)

    def sender(self, time_outs: TimeOuts = AT_ONCE) -> Sender:
        submission = Submission(self.sessions, "http://127.0.0.1:9", time_outs, LINKS, self.trace)
        return Sender(self.sessions, self.connectors, submission, Holds(self.sessions), time_outs)

    def lookups(self, time_outs: TimeOuts = AT_ONCE) -> Lookups:
        """Return the task of another worker process."""
        submission = Submission(self.sessions, "http://127.0.0.1:9", time_outs, LINKS, self.trace)
        return Lookups(self.sessions, self.connectors, submission, self.conversations, time_outs)

    async def ask(self, **time_outs: timedelta) -> None:
        """Look up texts that are due, as one worker."""
        await self.lookups(replace(AT_ONCE, **time_outs)).ask_due()

    async def row(self, text: UUID) -> Message:
        async with self.sessions() as session:
            return (await session.scalars(select(Message).where(Message.id == text))).one()

    async def status(self, text: UUID) -> str:
        return (await self.row(text)).status

    async def change(self, text: UUID, **values: object) -> None:
        """Change a row to what a crash or a restored database leaves."""
        async with self.sessions.begin() as session:
            await session.execute(update(Message).where(Message.id == text).values(**values))

    async def killed_in_the_call(self, text: UUID, back: timedelta = timedelta(seconds=3)) -> None:
        """Leave a text like a worker that died between the call and its answer."""
        at = datetime.now(UTC) - back
        lost = {"status": "sending", "provider_message_id": None, "look_ups": 0}
        await self.change(text, **lost, attempts=1, attempted_at=at, look_up_at=at)

    async def set_connector(self, **values: object) -> None:
        async with self.sessions.begin() as session:
            await session.execute(update(Connector).values(**values))

    async def set_pace(self, pace: float | None) -> None:
        """Set the segments a second of the line."""
        async with self.sessions.begin() as session:
            ours = update(Line).where(Line.id == self.brand.line_id)
            await session.execute(ours.values(segments_per_second=pace))

    async def hurry(self) -> None:
        """Let what waits for its turn on the line leave now."""
        await self.set_pace(1000)
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            await paces.change(session, self.brand.line_id, now)
        assert await paces.take_changed(self.sessions.direct, now, timedelta(minutes=1))

    async def fault(self, kind: str, **more: object) -> None:
        """Plan a fault of the provider."""
        answer = await self.http.post(f"{self.url}/faults", json={"kind": kind, **more})
        answer.raise_for_status()

    async def phone(self) -> list[str]:
        """Return the texts on the consumer's phone once all accepted ones are delivered."""
        await asyncio.sleep(0.1)
        answer = await self.http.get(f"{self.url}/phones/{PHONE}/messages")
        return [text["text"] for text in answer.json()]
