"""Pushes to browsers of people who have no page open: once, encrypted, in time or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from database.queries import notices, pushes
from database.tables import Account, Consumer, Conversation, Message, PushSubscription
from domain.conversation.kinds import EventKind
from outgoing.posts import Posts
from services import log_ins
from tests.fixtures.file_host import answer
from tests.fixtures.push_service import PushedBrowser
from tests.outgoing.telling import Teller
from tests.services.callers import person


async def test_a_notice_is_pushed_encrypted_and_signed_without_words_of_the_consumer(
    teller: Teller, browser: PushedBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outgoing.telling.PUSHED_AFTER", timedelta(minutes=1))
    ann = teller.brand.ann
    await teller.subscribe(ann, browser)
    talk = await teller.conversation(ann)
    await teller.texts(talk, 2)
    await teller.tell()
    assert not await teller.pushes.send_due()
    assert browser.told == []  # a page may show it in these seconds
    await teller.later(timedelta(minutes=1))
    await teller.push()
    await teller.push()
    [told] = browser.told
    assert (told["title"], told["body"]) == ("2 new texts", "In Support")
    assert (told["conversation_id"], told["tag"]) == (str(talk), f"text/{talk}")
    [post] = browser.posts
    assert 0 < int(post.headers["ttl"]) <= 600
    assert post.headers["urgency"] == "normal"
    assert await teller.planned() == []


async def test_an_account_may_have_words_and_names_pushed(
    teller: Teller, browser: PushedBrowser
) -> None:
    ann = teller.brand.ann
    await teller.subscribe(ann, browser)
    talk = await teller.conversation(ann)
    message = Message(
        id=uuid4(),
        account_id=teller.brand.account_id,
        line_id=teller.brand.line_id,
        conversation_id=talk,
        position=1,
        author="consumer",
        text="Where is\nmy order?",
        written_at=datetime.now(UTC),
        status="received",
    )
    async with teller.sessions.begin() as session:
        row = await session.get_one(Conversation, talk)
        message.consumer_id = row.consumer_id
        session.add(message)
        await session.execute(update(Account).values(push_shows_text=True))
        await session.execute(update(Consumer).values(name="Zoë"))
    await teller.happens(
        talk, EventKind.message_added, author="consumer", message_id=str(message.id)
    )
    await teller.tell()
    await teller.push()
    [told] = browser.told
    assert (told["title"], told["body"]) == ("New text from Zoë", "Where is my order?")


async def test_nothing_is_pushed_to_whoever_has_a_page_open_has_read_it_or_does_not_want_it(
    teller: Teller, browser: PushedBrowser
) -> None:
    ann, ben = teller.brand.ann, teller.brand.ben
    now = datetime.now(UTC)
    await teller.subscribe(ann, browser)
    talk = await teller.conversation(ann)
    async with teller.sessions.begin() as session:
        until = now + timedelta(minutes=5)
        await pushes.keep_open_pages(session, uuid4(), [ben.agent_id, ann.agent_id], until)
    await teller.texts(talk)
    await teller.tell()
    await teller.push()
    async with teller.sessions.begin() as session:
        await pushes.forget_pages(session, now + timedelta(hours=1))
    await teller.texts(talk)
    await teller.tell()
    async with teller.sessions.begin() as session:
        await notices.read(session, ann.agent_id, now)
    await teller.push()
    async with teller.sessions.begin() as session:
        await notices.choose(session, ann.agent_id, {"text": {"push": False}})
    await teller.texts(talk)
    await teller.tell()
    await teller.push()
    assert browser.posts == []
    assert await teller.planned() == []


async def test_nothing_is_pushed_too_late(teller: Teller, browser: PushedBrowser) -> None:
    ann = teller.brand.ann
    await teller.subscribe(ann, browser)
    talk = await teller.conversation(ann)
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    await teller.happens(talk, EventKind.conversation_assigned, ann, _at=long_ago)
    rings = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    await teller.happens(talk, EventKind.conversation_offered, ann, ends_at=rings)
    await teller.tell()
    assert await teller.planned() == []
    await teller.texts(talk)
    await teller.tell()
    await teller.later(timedelta(hours=1))  # every worker was away
    await teller.pushes.send_due()
    assert browser.posts == []
    assert await teller.planned() == []


async def test_a_push_whose_sender_died_is_sent_again_under_the_same_topic(
    teller: Teller, browser: PushedBrowser
) -> None:
    ann = teller.brand.ann
    await teller.subscribe(ann, browser)
    await teller.texts(await teller.conversation(ann))
    await teller.tell()

    class Killed(Exception):
        pass

    async def dies(*_: object) -> None:
        raise Killed

    await teller.later(timedelta(seconds=5))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pushes, "took", dies)
        with pytest.raises(Killed):
            await teller.pushes.send_due()
    await teller.pushes.send_due()
    assert len(browser.posts) == 1  # held for whoever has it
    await teller.later(timedelta(seconds=40))
    await teller.pushes.send_due()
    first, second = browser.told
    assert first["tag"] == second["tag"]
    assert len({post.headers["topic"] for post in browser.posts}) == 1
    assert await teller.planned() == []


@pytest.mark.parametrize("status", [404, 410, 403])
async def test_a_browser_that_is_gone_is_forgotten(
    teller: Teller, browser: PushedBrowser, status: int
) -> None:
    await teller.subscribe(teller.brand.ann, browser)
    browser.service.usual = answer(status)
    await teller.texts(await teller.conversation(teller.brand.ann))
    await teller.tell()
    await teller.push()
    async with teller.sessions() as session:
        assert (await session.scalars(select(PushSubscription))).all() == []
    assert await teller.planned() == []


async def test_a_push_service_that_is_away_is_tried_again_and_a_refusal_is_not(
    teller: Teller, browser: PushedBrowser
) -> None:
    await teller.subscribe(teller.brand.ann, browser)
    browser.service.answers = [answer(503), answer(429, Retry_After="30"), answer(400)]
    talk = await teller.conversation(teller.brand.ann)
    await teller.texts(talk)
    await teller.tell()
    await teller.push()
    assert [push.tries for push in await teller.planned()] == [1]
    await teller.push()
    [waits] = await teller.planned()
    assert timedelta(seconds=20) < waits.due_at - datetime.now(UTC) <= timedelta(seconds=30)
    await teller.later(timedelta(seconds=31))
    await teller.push()
    assert await teller.planned() == []
    await teller.texts(talk)
    await teller.tell()
    await teller.push()
    assert browser.told[-1]["title"] == "2 new texts"


async def test_pushing_ends_with_the_log_in_and_with_the_person(
    teller: Teller, browser: PushedBrowser
) -> None:
    ann = teller.brand.ann
    await teller.subscribe(ann, browser)
    talk = await teller.conversation(ann)
    await teller.texts(talk)
    await teller.tell()
    await teller.retire(ann)
    await teller.push()
    async with teller.sessions.begin() as session:
        row = (await session.scalars(select(PushSubscription))).one()
        known = person(teller.brand.account_id, ann)
        caller = replace(known, proof=replace(known.proof, secret_hash=row.session_hash))
        await log_ins.log_out(caller, session)
    await teller.texts(talk)
    await teller.tell()
    assert await teller.planned() == []
    assert browser.posts == []


async def test_a_push_service_in_a_private_network_is_not_reached(
    teller: Teller, browser: PushedBrowser
) -> None:
    await teller.subscribe(teller.brand.ann, browser)
    await teller.texts(await teller.conversation(teller.brand.ann))
    await teller.tell()
    async with Posts() as outside_only:
        teller.posts = outside_only
        await teller.push()
    assert browser.posts == []
    assert await teller.planned() == []


async def test_the_pair_of_keys_is_made_once_and_is_unreadable_in_the_database(
    teller: Teller, browser: PushedBrowser
) -> None:
    await teller.subscribe(teller.brand.ann, browser)
    async with teller.sessions.begin() as session:
        first = await pushes.key(session)
        assert first is not None
        kept = await pushes.keep_key(session, "another", b"another")
    assert kept.public_key == first.public_key
    assert b"PRIVATE" not in first.private_key
    assert first.private_key.startswith(b"gAAAA")
