"""Receiving: what is in the database before anything else happens with a text."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy import text as sql

from database.engine import Sessions
from database.queries.consent import Consenting, is_opted_out, record_refusal
from database.tables import Connector, Consent, ConsentEvent, Consumer, Inbound, Line
from domain.numbers.kinds import LineKind
from domain.text.limits import INCOMING
from ingress.errors import LineUnknown, NotFromProvider, NotTaken, NotUnderstood
from tests.fixtures.brand import Brand
from tests.ingress.carrier import ADA, IngressScenario, Pairs, request, sid, text


async def rows(sessions: Sessions) -> list[Inbound]:
    async with sessions() as session:
        return list(await session.scalars(select(Inbound).order_by(Inbound.arrival)))


async def ledger(sessions: Sessions) -> list[tuple[str, str, str]]:
    """Return scope, kind and source of every consent event."""
    async with sessions() as session:
        events = await session.scalars(select(ConsentEvent).order_by(ConsentEvent.id))
        return [(event.scope, event.kind, event.source) for event in events]


async def ada(sessions: Sessions, brand: Brand) -> Consenting:
    async with sessions() as session:
        row = (await session.scalars(select(Consumer.id).where(Consumer.number == ADA))).one()
    return Consenting(brand.account_id, row, brand.line_id)


async def is_out(sessions: Sessions, brand: Brand) -> bool:
    who = await ada(sessions, brand)
    async with sessions() as session:
        return await is_opted_out(session, who)


async def test_a_text_its_consumer_and_its_form_are_written(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    form = text("Hello 👋", NumMedia="1", MediaUrl0="https://m/1", MediaContentType0="image/png")
    taken = await ingress.write(brand.line_id, form)
    assert taken is not None
    assert not taken.earlier_waits
    [row] = await rows(session_factory)
    assert str(row.id) == taken.text.message_id
    assert (row.text, row.keyword, row.is_truncated) == ("Hello 👋", None, False)
    [media] = row.media
    assert media == {"url": "https://m/1", "content_type": "image/png"} | {
        "file_id": taken.text.media[0].file_id
    }
    assert row.raw == {name: value for name, value in form if name != "Body"}
    assert row.handed_over_at is None
    async with session_factory() as session:
        consumer = (await session.scalars(select(Consumer))).one()
    assert (consumer.number, consumer.id) == (ADA, row.consumer_id)


async def test_a_text_delivered_many_times_at_once_is_one(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    form = text("Hello")
    await asyncio.gather(*(ingress.take(brand.line_id, form) for _ in range(8)))
    await ingress.take(brand.line_id, form)
    assert len(await rows(session_factory)) == 1
    assert ingress.conversations.texts == ["Hello"]


async def test_many_consumers_may_text_for_the_first_time_at_once(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    senders = [f"+155501{number:02}" for number in range(4)] * 4
    await asyncio.gather(
        *(ingress.take(brand.line_id, text("Hi", sender=sender)) for sender in senders)
    )
    async with session_factory() as session:
        assert await session.scalar(select(func.count()).select_from(Consumer)) == 4
    assert len(await rows(session_factory)) == 16


@pytest.mark.parametrize("words", ["Hi", "STOP"])
async def test_a_new_consumer_never_gets_the_id_of_one_lost_in_a_restore(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, words: str
) -> None:
    ids = []
    for sender in (ADA, "+15550124"):
        await ingress.take(brand.line_id, text(words, sender=sender))
        async with session_factory.begin() as session:
            ids.append((await session.scalars(select(Consumer.id))).one())
            await session.execute(sql("TRUNCATE consumer RESTART IDENTITY CASCADE"))
    assert ids[0] != ids[1]


async def test_a_long_text_is_cut_and_marked(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("x" * (INCOMING + 1)))
    await ingress.take(brand.line_id, text("x" * INCOMING))
    cut, whole = await rows(session_factory)
    assert (len(cut.text), cut.is_truncated) == (INCOMING, True)
    assert (len(whole.text), whole.is_truncated) == (INCOMING, False)


@pytest.mark.parametrize(
    ("sender", "number"),
    [
        ("+1 (415) 555-0100", "+14155550100"),
        ("+447700900123", "+447700900123"),
        ("22000", "22000"),
        ("AMAZON", "AMAZON"),
        ("+5215512345678", "+5215512345678"),
        ("+1", "+1"),
    ],
)
async def test_numbers_are_kept_as_e164_and_other_senders_as_given(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, sender: str, number: str
) -> None:
    await ingress.take(brand.line_id, text("Hi", sender=sender))
    async with session_factory() as session:
        assert list(await session.scalars(select(Consumer.number))) == [number]


async def test_stop_holds_from_the_moment_it_is_stored(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    ingress.conversations.is_away = True
    await ingress.take(brand.line_id, text("¡Stop!"))
    assert await is_out(session_factory, brand)
    assert await ledger(session_factory) == [("account", "opted_out", "text")]
    [row] = await rows(session_factory)
    assert (row.keyword, row.provider_handled, row.handed_over_at) == ("stop", False, None)
    # Twilio matches only the bare word, so we confirm this opt-out.
    async with session_factory() as session:
        event = (await session.scalars(select(ConsentEvent))).one()
    assert (event.text, event.inbound_id) == ("¡Stop!", row.id)


async def test_a_stop_delivered_twice_is_one_event(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    form = text("STOP")
    await ingress.take(brand.line_id, form)
    await ingress.take(brand.line_id, form)
    assert len(await ledger(session_factory)) == 1


async def test_only_start_opens_again_and_yes_does_while_opted_out(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    said = []
    for body in ("yes", "stop", "hello again", "Yes.", "yes"):
        await ingress.take(brand.line_id, text(body))
        said.append(await is_out(session_factory, brand))
    assert said == [False, True, True, False, False]
    assert [row.keyword for row in await rows(session_factory)] == [
        None,
        "stop",
        None,
        "start",
        None,
    ]


async def test_start_also_opens_the_line_the_provider_had_closed(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("hello"))
    who = await ada(session_factory, brand)
    async with session_factory.begin() as session:
        assert await record_refusal(session, who, sent_at=datetime.now(UTC))
        assert not await record_refusal(session, who, sent_at=datetime.now(UTC)), "no news"
    assert await is_out(session_factory, brand)
    await ingress.take(brand.line_id, text("START"))
    assert not await is_out(session_factory, brand)
    line = f"line:{brand.line_id}"
    assert await ledger(session_factory) == [
        (line, "opted_out", "provider"),
        ("account", "opted_in", "text"),
        (line, "opted_in", "text"),
    ]


async def test_a_refusal_of_a_text_sent_before_start_is_old_news(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    sent_at = datetime.now(UTC)
    await ingress.take(brand.line_id, text("START"))
    who = await ada(session_factory, brand)
    async with session_factory.begin() as session:
        assert not await record_refusal(session, who, sent_at=sent_at)
    assert not await is_out(session_factory, brand)


async def test_a_refusal_on_one_line_leaves_the_others_open(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("hello"))
    who = await ada(session_factory, brand)
    async with session_factory.begin() as session:
        await record_refusal(session, who, sent_at=datetime.now(UTC))
        other = Consenting(who.account_id, who.consumer_id, "another-line")
        assert not await is_opted_out(session, other)


async def test_help_changes_no_consent(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("help"))
    assert [row.keyword for row in await rows(session_factory)] == ["help"]
    assert await ledger(session_factory) == []


async def test_the_providers_own_word_for_a_keyword_counts(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("no more please", OptOutType="STOP"))
    [row] = await rows(session_factory)
    assert (row.keyword, row.provider_handled) == ("stop", True)
    assert await is_out(session_factory, brand)


async def test_a_short_codes_keywords_are_left_to_us_unless_twilio_says_otherwise(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(update(Line).values(kind=str(LineKind.short_code)))
    await ingress.take(brand.line_id, text("STOP"))
    await ingress.take(brand.line_id, text("STOP", OptOutType="STOP"))
    assert [row.provider_handled for row in await rows(session_factory)] == [False, True]


async def test_an_unknown_or_retired_line_receives_nothing(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    for line_id in ("nobody", "Not A Slug", "nul\0byte", ""):
        with pytest.raises(LineUnknown):
            await ingress.take_in(line_id, text("Hi"))
    with pytest.raises(LineUnknown):
        await ingress.webhooks.take("pigeon", brand.line_id, request(brand.line_id, text("Hi")))
    for table in (Line, Connector):
        async with session_factory.begin() as session:
            await session.execute(update(table).values(retired_at=func.now()))
        with pytest.raises(LineUnknown):
            await ingress.take(brand.line_id, text("Hi"))
        async with session_factory.begin() as session:
            await session.execute(update(table).values(retired_at=None))
    await ingress.take(brand.line_id, text("Hi"))
    assert len(await rows(session_factory)) == 1


async def test_nothing_is_written_for_a_wrong_signature(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    genuine = request(brand.line_id, text("Hi"))
    forged = request(brand.line_id, text("Hi"))
    stolen = replace(genuine, headers=forged.headers)
    with pytest.raises(NotFromProvider):
        await ingress.webhooks.take("twilio", brand.line_id, stolen)
    assert await rows(session_factory) == []


@pytest.mark.parametrize(
    "form",
    [
        text("Hi", message="nonsense"),
        text("Hi", SmsStatus="delivered"),
        text("Hi", sender=" "),
        text("Hi", sender="x" * 101),
    ],
)
async def test_a_request_that_is_no_text_is_refused_and_leaves_nothing(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, form: Pairs
) -> None:
    with pytest.raises(NotUnderstood):
        await ingress.take(brand.line_id, form)
    async with session_factory() as session:
        assert await session.scalar(select(func.count()).select_from(Consumer)) == 0


async def test_a_secret_that_cannot_be_read_makes_the_provider_try_again(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(update(Connector).values(secret=b"of a key that is gone"))
    with pytest.raises(NotTaken):
        await ingress.take(brand.line_id, text("Hi"))


async def test_one_sid_at_two_connectors_is_two_texts(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    form = text("Hi", message=sid())
    async with session_factory.begin() as session:
        connector = (await session.scalars(select(Connector))).one()
        line = (await session.scalars(select(Line))).one()
        session.add(
            Connector(
                id="second",
                account_id=brand.account_id,
                provider="twilio",
                name="Second",
                secret=connector.secret,
            )
        )
        await session.flush()
        session.add(
            Line(
                id="second-line",
                account_id=brand.account_id,
                connector_id="second",
                name="Second",
                address="+15550100002",
                kind="long_code",
                entry_skill_id=line.entry_skill_id,
            )
        )
    await ingress.take(brand.line_id, form)
    await ingress.take("second-line", [*form, ("To", "+15550100002")][::-1])
    assert [row.line_id for row in await rows(session_factory)] == [brand.line_id, "second-line"]


async def test_an_opt_out_is_one_row_of_consent(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("stop"))
    await ingress.take(brand.line_id, text("stop"))
    async with session_factory() as session:
        standing = (await session.scalars(select(Consent))).one()
    assert (standing.scope, standing.is_opted_out) == ("account", True)
    assert len(await ledger(session_factory)) == 2, "the ledger keeps what was said"


async def test_the_stored_fields_of_a_webhook_are_limited_and_hold_no_second_text(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    long = "y" * 50_000
    more: dict[str, str] = {f"Unknown{number}": long[:200] for number in range(100)}
    more |= {"x" * 5000: "a long name", "FromCity": long[:5000]}
    more |= {
        "NumMedia": "1",
        "MediaUrl0": f"https://m/{long[:9000]}",
        "MediaContentType0": long[:900],
    }
    form = text("so long " * 4000, **more)
    assert await ingress.write(brand.line_id, form)
    [row] = await rows(session_factory)
    assert row.text.startswith("so long so long")
    assert row.is_truncated
    assert "so long" not in str(row.raw)
    assert len(str(row.raw)) < 50_000
    [media] = row.media
    assert media["url"].startswith("https://m/yyy")
    assert len(str(media)) < 3000


async def test_a_text_without_words_keeps_its_other_fields(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    form = text("", NumMedia="1", MediaUrl0="https://m/1", MediaContentType0="image/png", Empty="")
    assert await ingress.write(brand.line_id, form)
    [row] = await rows(session_factory)
    assert row.raw["Empty"] == ""
    assert row.raw["MediaContentType0"] == "image/png"


async def test_many_requests_at_once_read_their_line_once(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    opened = 0

    def count(*_: object) -> None:
        nonlocal opened
        opened += 1

    engine = session_factory.kw["bind"].sync_engine
    event.listen(engine, "checkout", count)
    try:
        asks = [request(brand.line_id, text("Hello")) for _ in range(20)]
        admit, sessions = ingress.webhooks.authenticator.admit, session_factory
        await asyncio.gather(*(admit(sessions, "twilio", brand.line_id, one) for one in asks))
    finally:
        event.remove(engine, "checkout", count)
    assert opened == 1
