"""The kinds of steps: how a conversation comes to stand before one, and what brings it about."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from tests.faults.consumer import Consumer, Found

HELLO = "Hello, where is my parcel? It should be here."
ANSWER = "Good morning, let me have a look at your order."
Deed = Callable[[Consumer], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Kind:
    """A kind of step. `is_done`: what is to be found of it, once and only once."""

    before: Deed
    act: Deed
    is_done: Callable[[Found], bool]
    is_open_after: bool = True
    """The same conversation takes what the consumer texts next."""


async def nothing(_consumer: Consumer) -> None:
    """Nobody knows this consumer yet."""


async def held(consumer: Consumer) -> None:
    await consumer.text(HELLO)
    await consumer.when("assigned")


async def waiting(consumer: Consumer) -> None:
    """Nobody is there for sales."""
    await held(consumer)
    await consumer.command("POST", "transfers", skill="acme-sales")
    await consumer.when("waiting")


async def reminded_soon(consumer: Consumer) -> None:
    await held(consumer)
    await consumer.command("POST", "transfers", skill="acme-billing")
    await consumer.when("assigned")


async def asked_for_a_rating(consumer: Consumer) -> None:
    await held(consumer)
    await consumer.reply(ANSWER)
    await consumer.command("POST", "close")
    await consumer.when("survey")
    await consumer.is_asked()


async def asked_again(consumer: Consumer) -> None:
    """The survey keeps a text aside that is no answer."""
    await asked_for_a_rating(consumer)
    await consumer.text("hm")
    await consumer.heard()


async def text(consumer: Consumer) -> None:
    await consumer.text("It was sent on Monday.")


async def german_text(consumer: Consumer) -> None:
    await consumer.text("Wo ist mein Paket geblieben? Es sollte schon gestern ankommen.")


async def open_by_agent(consumer: Consumer) -> None:
    await consumer.open_by_agent("Your order is ready to collect.")


async def several_texts(consumer: Consumer) -> None:
    for number in range(3):
        await consumer.text(f"My order has number {number}.")


async def reply(consumer: Consumer) -> None:
    await consumer.reply("It left our house this morning.")


async def note(consumer: Consumer) -> None:
    await consumer.note("Has asked before.")


async def transfer(consumer: Consumer) -> None:
    await consumer.command("POST", "transfers", skill="acme-sales", note="Wants to buy a tent.")
    consumer.notes.append("Wants to buy a tent.")


async def close(consumer: Consumer) -> None:
    await consumer.command("POST", "close")


async def rate(consumer: Consumer) -> None:
    await consumer.text("5")


async def rate_and_ask(consumer: Consumer) -> None:
    await consumer.text("5 but where is my tent?")


async def ask(consumer: Consumer) -> None:
    await consumer.text("Where is my tent?")


async def stop(consumer: Consumer) -> None:
    await consumer.text("STOP")


async def set_language(consumer: Consumer) -> None:
    await consumer.command("PUT", "language", language="de")


KINDS = {
    "opening by consumer": Kind(nothing, text, lambda found: len(found.conversations) == 1),
    "opening by agent": Kind(nothing, open_by_agent, lambda found: len(found.conversations) == 1),
    "text": Kind(held, text, lambda found: found.newest.status == "assigned"),
    # A worker that is lost before it noticed the language leaves that to the next text.
    "text in German": Kind(held, german_text, lambda found: found.newest.status == "assigned"),
    "several texts": Kind(held, several_texts, lambda found: found.newest.status == "assigned"),
    "reply": Kind(held, reply, lambda found: found.newest.status == "assigned"),
    "note": Kind(held, note, lambda found: found.newest.status == "assigned"),
    "transfer": Kind(held, transfer, lambda found: found.happened("conversation_transferred") == 1),
    "close": Kind(
        held, close, lambda found: found.happened("conversation_closed") == 1, is_open_after=False
    ),
    "rating": Kind(
        asked_for_a_rating,
        rate,
        lambda found: (
            found.conversations[0].survey_score == 5 and found.happened("survey_answered") == 1
        ),
        is_open_after=False,
    ),
    "rating with a request": Kind(
        asked_for_a_rating,
        rate_and_ask,
        lambda found: (
            found.conversations[0].survey_score == 5
            and found.happened("texts_carried_over") == 1
            and len(found.conversations) == 2
        ),
    ),
    "request behind a text kept aside": Kind(
        asked_again,
        ask,
        lambda found: (
            found.conversations[0].survey_score is None
            and found.happened("texts_carried_over") == 1
            and len(found.conversations) == 2
        ),
    ),
    "timer": Kind(reminded_soon, nothing, lambda found: found.automatic("agent_silent") == 1),
    "choice": Kind(waiting, nothing, lambda found: found.newest.status == "assigned"),
    "opt-out": Kind(
        held, stop, lambda found: found.conversations[0].status == "closed", is_open_after=False
    ),
    "language": Kind(
        held,
        set_language,
        lambda found: found.newest.language == "de" and found.happened("language_set") == 1,
    ),
}
