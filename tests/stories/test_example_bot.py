"""The example of a bot in the whole product: it answers a phone, and passes on to a person."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fixtures.ports import own_port
from tests.fixtures.terminal import ROOT
from tests.stories.conftest import Board, eventually

NUMBER = "+15550140077"


@contextmanager
def example_bot(board: Board) -> Iterator[dict[str, Any]]:
    """Let the example serve Support; the people behind it are Billing's."""
    port = own_port()
    new = {"url": f"http://127.0.0.1:{port}", "fallback_skill": "acme-billing", "name": "Hours"}
    answer = board.call("ada", "POST", "/v1/bots", **new)
    assert answer.status_code == 201, answer.text
    bot = answer.json()
    program = subprocess.Popen(
        [sys.executable, ROOT / "examples" / "bot.py", str(port)],
        env={**os.environ, "BOT_SECRET": bot["secret"]},
    )
    try:
        board.call("ada", "PATCH", "/v1/skills/acme-support", bot=bot["id"]).raise_for_status()
        yield bot
    finally:
        board.call("ada", "DELETE", f"/v1/bots/{bot['id']}").raise_for_status()
        program.terminate()
        program.wait(20)


def test_the_example_tells_the_hours_and_passes_on_to_a_person(board: Board) -> None:
    with example_bot(board) as bot:
        tried = f"/v1/bots/{bot['id']}/try"
        eventually(lambda: not board.call("ada", "POST", tried, text="hours").json()["problem"])
        board.text(NUMBER, "When are you open?")
        told = "You are talking with our automated assistant.\nWe are open from 9 to 17, "
        eventually(lambda: any(one.startswith(told) for one in board.phone(NUMBER)))
        served = board.when(NUMBER, "waiting")
        assert (served["bot_name"], served["agent_id"]) == ("Hours", None)
        board.text(NUMBER, "My parcel is broken.")
        held = board.when(NUMBER, "assigned")
    assert (held["skill_id"], held["bot_name"]) == ("acme-billing", None)
    spoken = board.transcript(held["id"])
    assert ("bot", "I am getting somebody.") in spoken
    assert ("note", "The bot asks for a person.\nNo idea.") in spoken
    board.insist(held["agent_id"], f"/v1/conversations/{held['id']}/close", "bot-story")
