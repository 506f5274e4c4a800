"""A text goes to the line it was texted to, whatever webhook address it was posted to."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from database.engine import Sessions
from database.queries import line_refusals
from database.tables import Account, Connector, Consumer, Inbound, Line, LineRefusal, Skill
from domain.numbers.kinds import LineKind, Misdirected
from ingress.errors import NotForThisLine, NotUnderstood
from providers.twilio.description import TwilioCredentials
from security.secrets import Keyring, SecretBox
from tests.fixtures.brand import ACCOUNT_SID, ENCRYPTION_KEYS, LINE_NUMBER, Brand
from tests.ingress.carrier import ADA, IngressScenario, text

SALES = "+15550100002"
MEXICAN = "+525512345678"
SERVICE = "MG" + "ab" * 16


@dataclass(frozen=True)
class Lines:
    """Creates lines of the brand, and reads their texts."""

    sessions: Sessions
    brand: Brand

    async def add(
        self, name: str, address: str, kind: LineKind = LineKind.long_code, **more: object
    ) -> str:
        row = {
            "id": f"{self.brand.account_id}-{name}",
            "account_id": self.brand.account_id,
            "connector_id": f"{self.brand.account_id}-twilio",
            "name": name,
            "address": address,
            "kind": str(kind),
            "entry_skill_id": self.brand.sales,
        }
        async with self.sessions.begin() as session:
            await session.execute(insert(Line).values(row | more))
        return str(row["id"])

    async def retire(self, line_id: str) -> None:
        async with self.sessions.begin() as session:
            retired = update(Line).where(Line.id == line_id).values(retired_at=func.now())
            await session.execute(retired)

    async def connect(self, name: str, token: str) -> str:
        secret = TwilioCredentials(account_sid=ACCOUNT_SID, auth_token=token)
        row = {
            "id": f"{self.brand.account_id}-{name}",
            "account_id": self.brand.account_id,
            "provider": "twilio",
            "name": name,
            "secret": SecretBox(Keyring.parse(ENCRYPTION_KEYS)).seal(secret),
        }
        async with self.sessions.begin() as session:
            await session.execute(insert(Connector).values(row))
        return str(row["id"])

    async def texts(self) -> list[tuple[str, str]]:
        async with self.sessions() as session:
            rows = await session.scalars(select(Inbound).order_by(Inbound.arrival))
            return [(row.line_id, row.text) for row in rows]

    async def noted(self, line_id: str) -> dict[str, int]:
        async with self.sessions() as session:
            found = await line_refusals.of_lines(session, [line_id])
            return {row.reason: row.times for row in found[line_id]}


@pytest.fixture
def lines(session_factory: Sessions, brand: Brand) -> Lines:
    return Lines(session_factory, brand)


async def test_a_text_for_another_line_of_the_account_goes_to_that_line(
    ingress: IngressScenario, brand: Brand, lines: Lines
) -> None:
    sales = await lines.add("sales-line", SALES)
    for _ in range(2):
        await ingress.take(brand.line_id, text("Hello", To=SALES))
    assert await lines.texts() == [(sales, "Hello"), (sales, "Hello")]
    assert {thread.line_id for thread, _ in ingress.conversations.handed} == {sales}
    assert await lines.noted(brand.line_id) == {Misdirected.another_line: 2}
    assert await lines.noted(sales) == {}


async def test_a_stop_for_another_line_opts_out_wherever_it_was_posted(
    ingress: IngressScenario, brand: Brand, lines: Lines, session_factory: Sessions
) -> None:
    await lines.add("sales-line", SALES)
    await ingress.take(brand.line_id, text("STOP", To=SALES))
    async with session_factory() as session:
        assert (await session.scalars(select(Inbound.keyword))).all() == ["stop"]


@pytest.mark.parametrize(
    "recipient", ["+15559990000", "22333", "BRAND", "+1", "+525512345679", "+447700900123"]
)
async def test_a_text_for_a_number_that_is_no_line_is_refused_and_noted(
    ingress: IngressScenario, brand: Brand, lines: Lines, session_factory: Sessions, recipient: str
) -> None:
    with pytest.raises(NotForThisLine):
        await ingress.take(brand.line_id, text("Hello", To=recipient))
    assert await lines.texts() == []
    assert await lines.noted(brand.line_id) == {Misdirected.unknown_number: 1}
    async with session_factory() as session:
        assert await session.scalar(select(func.count()).select_from(Consumer)) == 0


async def test_an_impossible_recipient_is_not_understood(
    ingress: IngressScenario, brand: Brand
) -> None:
    with pytest.raises(NotUnderstood):
        await ingress.take(brand.line_id, text("Hello", To="+" + "1" * 200))


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        (MEXICAN, "+5215512345678"),
        (MEXICAN, "+52 55 1234 5678"),
        ("+541187654321", "+5491187654321"),
        ("+5491187654321", "+541187654321"),
        ("+390612345325", "+390612345325"),
        ("22333", "22333"),
    ],
)
async def test_a_line_is_known_in_every_spelling_of_its_number(
    ingress: IngressScenario, brand: Brand, lines: Lines, address: str, recipient: str
) -> None:
    kind = LineKind.long_code if address.startswith("+") else LineKind.short_code
    line = await lines.add("other", address, kind)
    await ingress.take(line, text("Hello", To=recipient))
    assert await lines.noted(line) == {}
    await ingress.take(brand.line_id, text("Again", To=recipient))
    assert await lines.texts() == [(line, "Hello"), (line, "Again")]


async def test_another_accounts_line_is_nothing_to_this_one(
    ingress: IngressScenario, brand: Brand, lines: Lines, session_factory: Sessions
) -> None:
    connector = await lines.connect("theirs", "token-of-the-test-brand")
    async with session_factory.begin() as session:
        await session.execute(insert(Account).values(id="them", name="T", brand="T"))
        skill = {"id": "them-sales", "account_id": "them", "name": "S"}
        await session.execute(insert(Skill).values(skill))
        change = update(Connector).where(Connector.id == connector)
        await session.execute(change.values(account_id="them"))
    await lines.add(
        "theirs", SALES, account_id="them", connector_id=connector, entry_skill_id="them-sales"
    )
    with pytest.raises(NotForThisLine):
        await ingress.take(brand.line_id, text("Hello", To=SALES))
    assert await lines.texts() == []


async def test_a_line_of_another_connector_receives_what_its_own_secret_signed(
    ingress: IngressScenario, brand: Brand, lines: Lines
) -> None:
    stranger = await lines.connect("stranger", "another token")
    strange = await lines.add("strange", SALES, connector_id=stranger)
    with pytest.raises(NotForThisLine):
        await ingress.take(brand.line_id, text("Hello", To=SALES))
    await lines.retire(strange)
    friend = await lines.connect("friend", "token-of-the-test-brand")
    line = await lines.add("known", SALES, connector_id=friend)
    await ingress.take(brand.line_id, text("Again", To=SALES))
    assert await lines.texts() == [(line, "Again")]


async def test_a_retired_line_receives_nothing_through_another_lines_address(
    ingress: IngressScenario, brand: Brand, lines: Lines
) -> None:
    await lines.retire(await lines.add("sales-line", SALES))
    with pytest.raises(NotForThisLine):
        await ingress.take(brand.line_id, text("Hello", To=SALES))


@pytest.mark.parametrize("service", [SERVICE, SERVICE.upper()])
async def test_a_service_line_receives_the_texts_of_its_service_to_any_number(
    ingress: IngressScenario, lines: Lines, service: str
) -> None:
    line = await lines.add("pool", SERVICE, LineKind.service)
    for number in ("+15559990000", "+447700900123", "22333"):
        await ingress.take(line, text("Hello", To=number, MessagingServiceSid=service))
    assert await lines.texts() == [(line, "Hello")] * 3
    assert await lines.noted(line) == {}


@pytest.mark.parametrize("service", [{}, {"MessagingServiceSid": "MG" + "cd" * 16}])
async def test_a_service_line_receives_no_texts_of_another_service_or_of_none(
    ingress: IngressScenario, lines: Lines, service: dict[str, str]
) -> None:
    line = await lines.add("pool", SERVICE, LineKind.service)
    with pytest.raises(NotForThisLine):
        await ingress.take(line, text("Hello", To="+15559990000", **service))
    assert await lines.noted(line) == {Misdirected.unknown_number: 1}


async def test_a_text_to_a_number_in_a_service_goes_to_the_line_it_was_posted_to(
    ingress: IngressScenario, brand: Brand, lines: Lines
) -> None:
    pool = await lines.add("pool", SERVICE, LineKind.service)
    form = {"To": LINE_NUMBER, "MessagingServiceSid": SERVICE}
    await ingress.take(brand.line_id, text("to the number", **form))
    await ingress.take(pool, text("to the pool", **form))
    assert await lines.texts() == [(brand.line_id, "to the number"), (pool, "to the pool")]
    # Posted to neither line, so the line with the number comes first.
    other = await lines.add("sales-line", SALES)
    await ingress.take(other, text("to neither", **form))
    assert (await lines.texts())[-1] == (brand.line_id, "to neither")
    await ingress.take(other, text("to a pool", To="+15559990000", MessagingServiceSid=SERVICE))
    assert (await lines.texts())[-1] == (pool, "to a pool")


@pytest.mark.parametrize(
    "sender",
    ["whatsapp:+15550189901", "rcs:+15550189901", "messenger:4711", "whatsapp:US.1234", "RCS:x"],
)
async def test_a_text_from_another_channel_is_refused_and_noted(
    ingress: IngressScenario, brand: Brand, lines: Lines, sender: str
) -> None:
    with pytest.raises(NotForThisLine):
        await ingress.take(brand.line_id, text("Hello", sender=sender))
    assert await lines.texts() == []
    assert await lines.noted(brand.line_id) == {Misdirected.another_channel: 1}


async def test_a_text_posted_twice_to_two_addresses_is_one(
    ingress: IngressScenario, brand: Brand, lines: Lines
) -> None:
    sales = await lines.add("sales-line", SALES)
    form = text("Hello", To=SALES)
    await ingress.take(brand.line_id, form)
    await ingress.take(sales, form)
    assert await lines.texts() == [(sales, "Hello")]


async def test_a_note_holds_neither_number_nor_text(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    with pytest.raises(NotForThisLine):
        await ingress.take(brand.line_id, text("my secret", To="+15559990000"))
    async with session_factory() as session:
        row = (await session.scalars(select(LineRefusal))).one()
    assert row.first_at == row.last_at
    assert not {ADA, "+15559990000", "my secret"} & {str(value) for value in vars(row).values()}
