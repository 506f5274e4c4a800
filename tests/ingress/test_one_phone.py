"""One phone is one consumer, in every spelling that a provider may use."""

import asyncio

import pytest
from sqlalchemy import select

from database.engine import Sessions
from database.queries.consent import Consenting, is_opted_out
from database.tables import Consumer, Inbound
from tests.fixtures.brand import Brand
from tests.ingress.carrier import IngressScenario, text

TWICE = [
    ("+5215512345678", "+525512345678"),
    ("+525512345678", "+5215512345678"),
    ("+5491123456789", "+541123456789"),
    ("+552187654321", "+5521987654321"),
    ("+22507123456", "+2250707123456"),
    ("+22997123456", "+2290197123456"),
    ("+841681234567", "+84381234567"),
    ("SUPPORT", "Support"),
]


async def consumers(sessions: Sessions) -> list[Consumer]:
    async with sessions() as session:
        return list(await session.scalars(select(Consumer)))


@pytest.mark.parametrize(("first", "second"), TWICE)
@pytest.mark.parametrize("words", ["Hi", "STOP"])
async def test_a_consumer_who_texts_under_two_spellings_is_one_and_is_answered_under_the_last(
    ingress: IngressScenario,
    brand: Brand,
    session_factory: Sessions,
    first: str,
    second: str,
    words: str,
) -> None:
    numbers = []
    for sender in (first, second):
        await ingress.take(brand.line_id, text(words, sender=sender))
        [known] = await consumers(session_factory)
        numbers.append(known.number)
    assert numbers == [first, second]
    assert len({thread.consumer_id for thread, _ in ingress.conversations.handed}) == 1


@pytest.mark.parametrize(("first", "second"), TWICE)
async def test_an_opt_out_holds_for_every_spelling(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, first: str, second: str
) -> None:
    await ingress.take(brand.line_id, text("STOP", sender=first))
    await ingress.take(brand.line_id, text("me again", sender=second))
    [known] = await consumers(session_factory)
    async with session_factory() as session:
        assert await is_opted_out(session, Consenting(brand.account_id, known.id, brand.line_id))
    await ingress.take(brand.line_id, text("START", sender=second))
    async with session_factory() as session:
        who = Consenting(brand.account_id, known.id, brand.line_id)
        assert not await is_opted_out(session, who)


async def test_two_spellings_at_once_are_one_consumer(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    senders = ["+5215512345678", "+525512345678"] * 6
    await asyncio.gather(
        *(
            ingress.take(brand.line_id, text(body, sender=sender))
            for sender, body in zip(senders, ["Hi", "Hi", "STOP", "START"] * 3, strict=True)
        )
    )
    assert len(await consumers(session_factory)) == 1
    async with session_factory() as session:
        assert len((await session.scalars(select(Inbound.id))).all()) == 12


async def test_a_short_code_is_not_the_number_with_its_digits(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    for sender in ("68849", "+68849", "068849"):
        await ingress.take(brand.line_id, text("Hi", sender=sender))
    assert len(await consumers(session_factory)) == 3
