"""Hand-over of received texts to conversations, with and without Temporal."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from database.engine import Sessions
from database.queries.inbound import PendingThread, waiting_threads
from database.tables import Inbound
from ingress.breaker import Breaker
from ingress.hand_over import Handover
from ingress.pending import AT_ONCE, hand_over_waiting
from ingress.receiving import StoredText
from ingress.sweeper import Sweeper
from tests.fixtures.brand import Brand
from tests.fixtures.centre import eventually
from tests.ingress.carrier import ADA, Conversations, IngressScenario, text

BOB = "+15550124"


async def still_waiting(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        query = select(Inbound.text).where(Inbound.handed_over_at.is_(None))
        return list(await session.scalars(query.order_by(Inbound.arrival)))


async def test_a_text_is_handed_over_with_all_its_conversation_needs(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("stop", MediaUrl0="https://m/1"))
    [(thread, signal)] = ingress.conversations.handed
    async with session_factory() as session:
        row = (await session.scalars(select(Inbound))).one()
    assert thread.workflow_id == f"sms/{brand.line_id}/{row.consumer_id}"
    assert thread.summary == f"{ADA} on Support line"
    assert signal.message_id == str(row.id)
    assert (signal.text, signal.keyword, signal.provider_handled) == ("stop", "stop", True)
    assert signal.received_at == row.received_at
    assert [item.url for item in signal.media] == ["https://m/1"]
    assert await still_waiting(session_factory) == []


async def test_texts_that_waited_go_first(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    ingress.conversations.is_away = True
    await ingress.take(brand.line_id, text("one"))
    await ingress.take(brand.line_id, text("two"))
    ingress.conversations.is_away = False
    await ingress.take(brand.line_id, text("of somebody else", sender=BOB))
    await ingress.take(brand.line_id, text("three"))
    assert ingress.conversations.texts == ["of somebody else", "one", "two", "three"]
    assert await still_waiting(session_factory) == []


async def test_a_webhook_waits_for_no_conversation(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    ingress.conversations.may_go_on.clear()
    await ingress.take_in(brand.line_id, text("one"))
    assert await still_waiting(session_factory) == ["one"]
    ingress.conversations.may_go_on.set()
    await ingress.handover.settle()
    assert await still_waiting(session_factory) == []


async def test_texts_that_gather_while_temporal_is_slow_are_handed_over_together(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    ingress.conversations.may_go_on.clear()
    for body in ("one", "two", "three", "four"):
        await ingress.take_in(brand.line_id, text(body))
        await asyncio.sleep(0)
    ingress.conversations.may_go_on.set()
    await ingress.handover.settle()
    assert ingress.conversations.groups == [["one"], ["two", "three", "four"]]
    assert await still_waiting(session_factory) == []


async def test_texts_that_cannot_be_marked_are_not_handed_over_again_and_again(
    ingress: IngressScenario,
    brand: Brand,
    session_factory: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ingress.conversations.is_away = True
    bodies = [f"text {number}" for number in range(AT_ONCE)]
    for body in bodies:
        await ingress.take_in(brand.line_id, text(body))
    await ingress.handover.settle()
    ingress.conversations.is_away = False

    async def gone(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("gone"))

    monkeypatch.setattr("ingress.pending.mark_handed_over", gone)
    [thread] = await threads(session_factory, brand)
    await hand_over_waiting(session_factory.direct, ingress.conversations, thread)
    assert ingress.conversations.groups == [bodies]


async def threads(sessions: Sessions, brand: Brand) -> list[PendingThread]:
    async with sessions() as session:
        return await waiting_threads(
            session, older_than=timedelta(0), accounts=[brand.account_id], limit=10
        )


async def test_every_text_finds_a_worker_whenever_it_comes(
    one_hand: IngressScenario, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(*_: object) -> None:
        return

    monkeypatch.setattr("ingress.pending.mark_handed_over", at_once)
    first, second = [await taken_in(one_hand, brand, sender) for sender in (ADA, BOB)]
    for moments in range(12):
        one_hand.conversations.handed.clear()
        one_hand.handover.add(first)
        for _ in range(moments):
            await asyncio.sleep(0)
        one_hand.handover.add(second)
        await one_hand.handover.settle()
        assert len(one_hand.conversations.handed) == 2, f"after {moments} turns of the loop"


async def taken_in(ingress: IngressScenario, brand: Brand, sender: str) -> StoredText:
    form = text("hello", sender=sender)
    taken = await ingress.write(brand.line_id, form)
    assert taken
    return taken


async def test_a_process_that_stops_hands_over_the_texts_it_received(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    for number in range(10):
        await ingress.take_in(brand.line_id, text("hello", sender=f"+155501{number:02}"))
    await ingress.handover.close()
    assert await still_waiting(session_factory) == []


async def test_a_process_that_stops_while_temporal_hangs_leaves_the_rest_to_others(
    one_hand: IngressScenario,
    brand: Brand,
    session_factory: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingress.hand_over.CLOSES_WITHIN", 0.1)
    one_hand.conversations.may_go_on.clear()
    await one_hand.take_in(brand.line_id, text("under way"))
    await asyncio.sleep(0)
    await one_hand.take_in(brand.line_id, text("not begun", sender=BOB))
    closing = asyncio.create_task(one_hand.handover.close())
    await asyncio.sleep(0.3)
    one_hand.conversations.may_go_on.set()
    await closing
    assert await still_waiting(session_factory) == ["not begun"]


async def test_more_than_a_process_keeps_in_mind_is_left_to_sweepers(
    one_hand: IngressScenario,
    brand: Brand,
    session_factory: Sessions,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingress.hand_over.MOST_THREADS", 1)
    one_hand.conversations.may_go_on.clear()
    for sender in (ADA, BOB, "+15550125"):
        await one_hand.take_in(brand.line_id, text(sender, sender=sender))
        await asyncio.sleep(0)
    one_hand.conversations.may_go_on.set()
    await one_hand.handover.settle()
    assert await still_waiting(session_factory) == ["+15550125"]
    await Sweeper(session_factory, one_hand.conversations, database_url).sweep([brand.account_id])
    assert await still_waiting(session_factory) == []


async def test_a_text_a_sweeper_was_faster_with_is_not_handed_over_again(
    ingress: IngressScenario,
    brand: Brand,
    session_factory: Sessions,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingress.hand_over.READ_ANEW_AFTER", 0.0)
    await ingress.take_in(brand.line_id, text("one"))
    sweeper = Sweeper(session_factory, ingress.conversations, database_url)
    await asyncio.gather(sweeper.sweep([brand.account_id]), ingress.handover.settle())
    assert ingress.conversations.distinct == ["one"]
    await ingress.take_in(brand.line_id, text("two"))
    await sweeper.sweep([brand.account_id])
    await ingress.handover.settle()
    assert ingress.conversations.distinct == ["one", "two"]
    assert await still_waiting(session_factory) == []


async def test_after_failures_nobody_tries_for_a_while(
    ingress: IngressScenario,
    brand: Brand,
    session_factory: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingress.breaker.PAUSE_SECONDS", 60.0)
    breaker = Breaker()
    handover = Handover(session_factory, ingress.conversations, breaker, at_once=6)

    async def take(body: str, sender: str) -> None:
        taken = await ingress.write(brand.line_id, text(body, sender=sender))
        assert taken is not None
        handover.add(taken)
        await handover.settle()

    ingress.conversations.is_away = True
    for number in range(3):
        assert not breaker.is_open
        await take("lost?", f"+155501{number:02}")
    assert breaker.is_open
    ingress.conversations.is_away = False
    await take("untried", BOB)
    assert ingress.conversations.texts == []
    assert len(await still_waiting(session_factory)) == 4


async def test_failures_apart_from_each_other_stop_nobody() -> None:
    breaker = Breaker()
    for _ in range(5):
        breaker.failed()
        breaker.failed()
        breaker.worked()
    assert not breaker.is_open


async def test_a_burst_keeps_its_order(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    bodies = [f"text {number}" for number in range(12)]
    await asyncio.gather(*(ingress.take(brand.line_id, text(body)) for body in bodies))
    async with session_factory() as session:
        arrived = list(await session.scalars(select(Inbound.text).order_by(Inbound.arrival)))
    assert ingress.conversations.distinct == arrived
    assert sorted(arrived) == sorted(bodies)
    assert await still_waiting(session_factory) == []


async def test_several_sweepers_hand_over_everything_in_order_per_consumer(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, database_url: str
) -> None:
    ingress.conversations.is_away = True
    senders = [f"+155501{number:02}" for number in range(10)]
    for number in range(5):
        for sender in senders:
            await ingress.take(brand.line_id, text(f"{sender} {number}", sender=sender))
    ingress.conversations.is_away = False
    sweeper = Sweeper(session_factory, ingress.conversations, database_url)
    await asyncio.gather(*(sweeper.sweep([brand.account_id]) for _ in range(4)))
    assert await still_waiting(session_factory) == []
    handed = ingress.conversations.texts
    for sender in senders:
        mine = [body for body in handed if body.startswith(sender)]
        assert mine == [f"{sender} {number}" for number in range(5)], "each once, in order"


async def test_a_consumer_whose_text_is_refused_holds_nobody_up(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, database_url: str
) -> None:
    ingress.conversations.is_away = True
    await ingress.take(brand.line_id, text("poison"))
    await ingress.take(brand.line_id, text("behind it"))
    await ingress.take(brand.line_id, text("of another", sender=BOB))
    ingress.conversations.is_away = False
    ingress.conversations.refuses = {"poison"}
    await Sweeper(session_factory, ingress.conversations, database_url).sweep([brand.account_id])
    assert ingress.conversations.texts == ["of another"]
    assert await still_waiting(session_factory) == ["poison", "behind it"]


async def test_a_young_text_is_left_to_its_webhook(
    ingress: IngressScenario,
    brand: Brand,
    session_factory: Sessions,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingress.sweeper.OVERDUE", timedelta(minutes=1))
    await ingress.write(brand.line_id, text("just now"))
    sweeper = Sweeper(session_factory, ingress.conversations, database_url)
    await sweeper.sweep()
    assert ingress.conversations.texts == []
    await sweeper.sweep(["another account"])
    assert ingress.conversations.texts == []


async def test_a_running_sweeper_finds_what_was_left(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, database_url: str
) -> None:
    conversations = Conversations()
    sweeping = asyncio.create_task(Sweeper(session_factory, conversations, database_url).run())
    ingress.conversations.is_away = True
    await ingress.take(brand.line_id, text("one"))
    await ingress.write(brand.line_id, text("two"))

    async def nothing_waits() -> bool:
        return not await still_waiting(session_factory)

    await eventually(nothing_waits)
    sweeping.cancel()
    await asyncio.wait([sweeping])
    assert conversations.distinct == ["one", "two"]


async def test_a_text_that_is_in_no_transcript_is_marked_when_it_is_handed_over_again(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("lost"))
    async with session_factory.begin() as session:
        await session.execute(update(Inbound).values(handed_over_at=None))
    await ingress.take(brand.line_id, text("new"))
    told = [(signal.text, signal.again) for _, signal in ingress.conversations.handed]
    assert told == [("lost", False), ("lost", True), ("new", False)]
    async with session_factory() as session:
        query = select(Inbound.hand_overs).order_by(Inbound.arrival)
        assert list(await session.scalars(query)) == [2, 1]
