"""Keywords and opt-out wishes: who answers, whose words count, and the ledger of consent."""

import pytest
from sqlalchemy import text as sql
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from database.engine import Sessions
from database.queries import account_keywords
from database.tables import Line
from domain.consent.keywords import OwnWords
from domain.numbers.kinds import LineKind
from tests.fixtures.brand import Brand
from tests.ingress.carrier import IngressScenario, text
from tests.ingress.test_receiving import is_out, ledger, rows


async def test_exactly_one_confirms_when_a_yes_opts_in(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    for body in ("Stop please", "YES", "STOP", "YES"):
        await ingress.take(brand.line_id, text(body))
    handled = [(row.text, row.keyword, row.provider_handled) for row in await rows(session_factory)]
    assert handled == [
        ("Stop please", "stop", False),
        ("YES", "start", False),  # Twilio handled no STOP, so it does not answer
        ("STOP", "stop", True),
        ("YES", "start", True),
    ]


async def test_a_toll_free_line_opts_in_by_what_its_network_knows(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(update(Line).values(kind=str(LineKind.toll_free)))
    said = []
    for body in ("STOP", "YES", "start please", "UNSTOP"):
        await ingress.take(brand.line_id, text(body))
        said.append(await is_out(session_factory, brand))
    assert said == [True, True, True, False]


async def test_a_wish_in_free_words_opts_nobody_out_and_is_handed_over_as_one(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    for body in ("please stop texting me", "please stop the delivery", "STOP"):
        await ingress.take(brand.line_id, text(body))
    wishes = [row.wants_opt_out for row in await rows(session_factory)]
    assert wishes == [True, False, False]
    assert [one.wants_opt_out for _, one in ingress.conversations.handed] == wishes
    assert await ledger(session_factory) == [("account", "opted_out", "text")]


async def test_an_accounts_own_words_count_at_once(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await ingress.take(brand.line_id, text("Cancelar"))
    await ingress.take(brand.line_id, text("START"))
    await ingress.take(brand.line_id, text("enough"))
    async with session_factory.begin() as session:
        words = OwnWords(stop=frozenset({"enough"}), off=frozenset({"cancelar"}))
        await account_keywords.save(session, brand.account_id, words)
    for body in ("Cancelar", "Enough!"):
        await ingress.take(brand.line_id, text(body))
    said = [row.keyword for row in await rows(session_factory)]
    assert said == ["stop", "start", None, None, "stop"]


@pytest.mark.parametrize(
    "change", ["UPDATE consent_event SET text = ''", "DELETE FROM consent_event"]
)
async def test_the_ledger_of_consent_is_never_changed(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions, change: str
) -> None:
    await ingress.take(brand.line_id, text("STOP"))
    with pytest.raises(DBAPIError, match="append-only"):
        async with session_factory.begin() as session:
            await session.execute(sql(change))
    assert len(await ledger(session_factory)) == 1


async def test_thanks_are_read_at_the_door_and_again_when_they_had_to_wait(
    ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    bodies = ("Thank you!", "Thank you, but where is it", "Liked “It is ready.”")
    for body in bodies:
        await ingress.take(brand.line_id, text(body))
    read = [one.courtesy.kind if one.courtesy else None for _, one in ingress.conversations.handed]
    assert read == ["thanks", None, "reaction"]
