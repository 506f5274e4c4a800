"""What docs/bots.md shows is what bots are asked, and what they may answer."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from database.tables import Bot
from domain.bots.answers import BotAnswer, read_answer
from outgoing.bots import BotAsker, Turn, sample
from security.endpoint_secrets import SigningSecrets
from security.secrets import Keyring
from tests.fixtures.bots import SECRET, posting, says
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.clocks import OFF, clock
from tests.fixtures.file_host import answer
from tests.fixtures.receiver import HANGING_UP, receiver

DOCUMENT = (Path(__file__).parents[2] / "docs" / "bots.md").read_text()
REQUEST, ANSWER, OF_THE_STREAM = re.findall(r"```json\n(.*?)```", DOCUMENT, flags=re.S)


def bot(url: str) -> Bot:
    sealed = SigningSecrets(Keyring.parse(ENCRYPTION_KEYS)).seal(SECRET)
    return Bot(id="robo", name="Robo", url=url, secret=sealed, tells_number=False)


async def test_the_documented_request_has_the_fields_of_a_real_one_and_is_tried_again() -> None:
    now = datetime.now(UTC)
    turn = Turn("try-1", 1, now + timedelta(days=365), 10, [sample("hello", now)], [])
    async with receiver() as program, posting() as posts:
        program.answers = [HANGING_UP, answer(503), says(1, "Hello!")]
        asker = BotAsker(posts, SigningSecrets(Keyring.parse(ENCRYPTION_KEYS)))
        asked = await asker.ask(bot(program.url), turn, None, now)
    assert isinstance(asked.read, BotAnswer)
    assert len({post.id for post in program.posts}) == 1
    shown, real = json.loads(REQUEST), program.posts[0].json
    assert list(shown) == list(real)
    assert list(shown["new"][0]) == list(real["new"][0])
    assert list(shown["allowed"]) == list(real["allowed"])


@pytest.mark.parametrize("off", [-OFF, OFF])
async def test_a_bot_has_its_time_to_answer_whatever_the_clock_of_the_worker(
    off: timedelta,
) -> None:
    now = datetime.now(UTC)
    turn = Turn("try-1", 1, now + timedelta(seconds=20), 20, [sample("hello", now)], [])
    async with receiver() as program, posting() as posts:
        program.answers = [says(1, "Hello!")]
        asker = BotAsker(posts, SigningSecrets(Keyring.parse(ENCRYPTION_KEYS)))
        with clock(off):
            asked = await asker.ask(bot(program.url), turn, None, now)
    assert isinstance(asked.read, BotAnswer)
    signed_at = int(program.posts[0].headers["webhook-timestamp"])
    assert abs(signed_at - now.timestamp()) < 60


def test_the_documented_answers_are_right_ones() -> None:
    assert isinstance(read_answer(ANSWER.encode(), 2), BotAnswer)
    assert isinstance(read_answer(OF_THE_STREAM.encode(), 2), BotAnswer)
