"""Texts that a provider delivers in base64."""

import base64
import os

import pytest

from domain.text.wrapped import unwrapped

CUT = "QmFubm9uIEV4cGxhaW5zIFRoZSBXb3JsZCAuLi4K4oCcVGhlIENhbXAgb2YgdGhlIFNhaW50c+KA"


def wrapped(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "I ordered two lamps last week, and only one of them has arrived.",
        "Ich warte seit Montag auf die Lieferung, könnten Sie bitte nachsehen? 👍",
        "Здравствуйте, где мой заказ номер 4711? Жду уже неделю.",
    ],
)
def test_a_long_text_in_base64_is_unwrapped(text: str) -> None:
    assert unwrapped(wrapped(text)) == text
    lines = base64.encodebytes(text.encode()).decode()
    assert unwrapped(lines.replace("\n", "\r\n")) == text


def test_a_text_whose_last_character_was_cut_off_is_unwrapped_without_it() -> None:
    assert unwrapped(CUT) == "Bannon Explains The World ...\n“The Camp of the Saints"
    assert unwrapped(CUT + "\r") == unwrapped(CUT)


@pytest.mark.parametrize(
    "body",
    [
        "Please send it to my new address before Friday, thank you so much!!",
        "Thanks",
        wrapped("Too short to be wrapped"),
        base64.b64encode(bytes(range(96))).decode(),
        base64.b64encode(os.urandom(96)).decode(),
        "a" * 80,
        "0123456789" * 8,
        wrapped("https://example.com/a/very/long/address/without/any/blank/in/it/at/all"),
        wrapped("I ordered two lamps last week, and only one of them has arrived.")[:-1],
        "",
    ],
)
def test_all_else_stays_as_the_consumer_wrote_it(body: str) -> None:
    assert unwrapped(body) == body
