"""Parts that are stored without a lock: as under it, and never when something came in between."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from database.engine import Sessions
from database.partitions.months import month_of
from database.queries import optimistic_parts
from database.queries.inbound import LineRoute
from database.queries.optimistic_parts import Seen
from database.tables import Account, Connector, Consumer, Inbound, InboundKey, InboundPart
from domain.consent.keywords import OwnWords
from domain.numbers.phone_numbers import address_of
from domain.text.joining import LATE_FOR
from ingress.joining import new_part
from ingress.normalisation import received
from ingress.receiving import Receiver
from providers.contract import InboundText, Provider, TextPart
from tests.fixtures.brand import LINE_NUMBER, Brand
from tests.ingress.carrier import ADA, IngressScenario, request, text

BOB = "+15550124"
EVERY = 30
"""Parts in a row."""


@dataclass(frozen=True)
class Door:
    """What takes parts on a line that joins them."""

    receiver: Receiver
    sessions: Sessions
    at: LineRoute
    adapter: Provider

    async def locked(self, part: InboundText) -> str | None:
        """Take a part under the consumer's lock; returns the text that is ready."""
        stored = await self.receiver._store_in_turn(self.at, self.adapter, part)
        return stored.text.text if stored else None

    async def unlocked(self, part: InboundText) -> str | None:
        """Take a part as webhooks do."""
        assert part.part is not None
        stored = await self.receiver._store_part(self.at, self.adapter, part, part.part)
        return stored.text.text if stored else None

    async def rows(self, phone: str) -> list[tuple[object, ...]]:
        """What is stored of a phone's texts and parts, without ids and times."""
        async with self.sessions() as session:
            parts = (
                select(Inbound.text, Inbound.part_reference, InboundPart.number)
                .add_columns(InboundPart.content, InboundPart.is_copy, Inbound.joining_until)
                .join(InboundPart, InboundPart.inbound_id == Inbound.id, isouter=True)
                .join(Consumer, Consumer.id == Inbound.consumer_id)
                .where(Consumer.phone == address_of(phone).key)
                .order_by(Inbound.arrival, InboundPart.id)
            )
            return [(*row[:5], row[5] is None) for row in await session.execute(parts)]


@pytest.fixture
async def door(ingress: IngressScenario, brand: Brand, session_factory: Sessions) -> Door:
    async with session_factory.begin() as session:
        await session.execute(update(Connector).values(segments="joined"))
    webhooks = ingress.webhooks
    at, adapter = await webhooks.authenticator.admit(
        session_factory, "twilio", brand.line_id, request(brand.line_id, text("x"))
    )
    return Door(webhooks.receiver, session_factory, at, adapter)


def part(
    number: int = 1, total: int = 2, words: str = "words", *, ref: str = "7f", sender: str = ADA
) -> InboundText:
    place = TextPart(ref, number, total)
    return InboundText(uuid4().hex, sender, LINE_NUMBER, words, part=place)


@pytest.mark.parametrize("seed", range(3))
async def test_parts_are_stored_without_a_lock_as_they_are_under_it(door: Door, seed: int) -> None:
    chance, answers = random.Random(seed), []
    for _ in range(EVERY):
        number, total = chance.choice([(1, 2), (2, 2), (1, 3), (2, 3), (3, 3), (4, 3)])
        words, ref = chance.choice(["STOP", "one", "\ud83d"]), chance.choice(["00", "01"])
        takers: tuple[tuple[str, Callable[[InboundText], Awaitable[str | None]]], ...]
        takers = ((ADA, door.locked), (BOB, door.unlocked))
        answers.append(
            [await take(part(number, total, words, ref=ref, sender=who)) for who, take in takers]
        )
    assert all(locked == unlocked for locked, unlocked in answers)
    assert await door.rows(ADA) == await door.rows(BOB)
    assert any(locked for locked, _ in answers)


async def begin(door: Door, seen: Seen) -> bool:
    new = new_part(part(), TextPart("aa", 1, 2))
    direct, ada = door.sessions.direct, address_of(ADA)
    began = await optimistic_parts.begin(direct, door.at, ada, seen, uuid4(), new)
    return began is not None


async def add(door: Door, seen: Seen) -> bool:
    new, [long] = new_part(part(2, 3), TextPart("7f", 2, 3)), seen.texts
    direct, ada = door.sessions.direct, address_of(ADA)
    return await optimistic_parts.add(direct, door.at, ada, seen, long.id, new) is not None


async def finish(door: Door, seen: Seen) -> bool:
    new, [long] = new_part(part(2, 3), TextPart("7f", 2, 3)), seen.texts
    direct, ada = door.sessions.direct, address_of(ADA)
    whole = replace(received("whole", (), OwnWords()), message_id=str(long.id))
    stored = await optimistic_parts.finish(direct, door.at, ada, seen, whole, new)
    return stored is not None


async def nothing(_door: Door) -> None:
    return None


async def another_text(door: Door) -> None:
    await door.locked(InboundText(uuid4().hex, ADA, LINE_NUMBER, "And another thing"))


async def the_end_of_the_wait(door: Door) -> None:
    async with door.sessions.begin() as session:
        await session.execute(update(Inbound).values(joining_until=None))


async def other_keywords(door: Door) -> None:
    async with door.sessions.begin() as session:
        await session.execute(update(Account).values(keywords={"stop": ["enough"]}))


@pytest.mark.parametrize(
    ("store", "between", "is_stored"),
    [
        *((store, nothing, True) for store in (begin, add, finish)),
        *((store, another_text, False) for store in (begin, add, finish)),
        *((store, the_end_of_the_wait, False) for store in (add, finish)),
        (finish, other_keywords, False),
    ],
)
async def test_nothing_is_stored_when_something_came_in_between(
    door: Door,
    store: Callable[[Door, Seen], Awaitable[bool]],
    between: Callable[[Door], Awaitable[None]],
    is_stored: bool,
) -> None:
    await door.unlocked(part(1, 3))
    new = new_part(part(2, 3), TextPart("7f", 2, 3))
    seen = await optimistic_parts.look(door.sessions.direct, door.at, address_of(ADA), new)
    await between(door)
    before = await door.rows(ADA)
    assert await store(door, seen) is is_stored
    assert (await door.rows(ADA) != before) is is_stored


async def test_a_part_whose_id_another_phone_took_is_known(door: Door) -> None:
    mine = part(1, 2)
    assert await door.unlocked(mine) is None
    theirs = InboundText(mine.provider_message_id, BOB, LINE_NUMBER, "x", part=TextPart("1", 1, 2))
    assert await door.unlocked(theirs) is None
    assert await door.rows(BOB) == []


async def test_the_same_words_after_the_wait_are_of_another_text(door: Door) -> None:
    await door.unlocked(part(1, 2))
    async with door.sessions.begin() as session:  # as a sweeper does, some time ago
        await session.execute(
            update(Inbound).values(joining_until=None, received_at=datetime.now(UTC) - 2 * LATE_FOR)
        )
    await door.unlocked(part(1, 2))
    assert await door.unlocked(part(2, 2, " again")) == "words again"


async def test_what_is_delivered_again_after_the_end_of_the_month_is_known(
    door: Door, ingress: IngressScenario, brand: Brand
) -> None:
    """A partition knows nothing of another's rows."""
    parts, whole, form = [part(1, 3), part(2, 3)], part(1, 1), text("Hello")
    for one in parts:
        await door.unlocked(one)
    whole = InboundText(whole.provider_message_id, BOB, LINE_NUMBER, "Hello")
    assert await door.locked(whole) == "Hello"
    await ingress.take(brand.line_id, form)
    before = month_of(datetime.now(UTC)) - timedelta(microseconds=1)
    async with door.sessions.begin() as session:
        for table in (Inbound, InboundKey, InboundPart):
            await session.execute(update(table).values(received_at=before))
    rows = await door.rows(ADA), await door.rows(BOB)
    for one in [*parts, whole, replace(whole, part=TextPart("9", 1, 2))]:
        assert await door.locked(one) is None
        if one.part is not None:
            assert await door.unlocked(one) is None
    await asyncio.gather(*(ingress.take(brand.line_id, form) for _ in range(4)))
    assert (await door.rows(ADA), await door.rows(BOB)) == rows
