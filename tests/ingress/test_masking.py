"""Card numbers are masked before anything is stored, wherever in a text they stand."""

from base64 import b64encode

import pytest
from sqlalchemy import update

from database.engine import Sessions
from database.tables import Account
from tests.erasing.remains import in_tables
from tests.fixtures.brand import Brand
from tests.ingress.carrier import IngressScenario
from tests.ingress.test_joining import Phone, set_segments

CARD = "4242 4242 4242 4242"
SHOWN = "•••• •••• •••• 4242"


@pytest.fixture
async def phone(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, database_url: str
) -> Phone:
    await set_segments(session_factory, "joined")
    async with session_factory.begin() as session:
        await session.execute(update(Account).values(masks_cards=True))
    return Phone(ingress, brand, session_factory, database_url)


async def test_a_card_number_is_stored_nowhere(phone: Phone, session_factory: Sessions) -> None:
    await phone.text(f"My card: {CARD}!")
    await phone.text(b64encode(f"And wrapped for phones: {CARD}, thanks".encode()).decode())
    await phone.part(2, 2, "242 4242 is it", reference="01")
    await phone.part(1, 2, "In two: 4242 4242 4", reference="01")
    await phone.part(1, 3, "Never whole 4242 4242", reference="02")
    await phone.part(2, 3, " 4242 4242", reference="02")
    await phone.wait()
    await phone.part(3, 3, f"late {CARD}", reference="02")
    assert phone.read[0] == f"My card: {SHOWN}!"
    assert f"In two: {SHOWN} is it" in phone.read
    assert any(SHOWN in one for one in phone.read if one.startswith("Never whole"))
    assert any(SHOWN in one for one in phone.read if one.startswith("[late"))
    assert len(phone.read) == 5
    split = [f"4242{gap}4242" for gap in (" ", "")]
    assert await in_tables(session_factory, split) == {}


async def test_without_the_setting_texts_stay_as_they_are(phone: Phone) -> None:
    async with phone.sessions.begin() as session:
        await session.execute(update(Account).values(masks_cards=False))
    await phone.text(f"My card: {CARD}!")
    assert phone.read == [f"My card: {CARD}!"]
