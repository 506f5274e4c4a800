"""Temporal is away: texts are taken all the same, and STOP holds from that moment."""

import pytest

from tests.stories.conftest import Board, eventually, paused

CHATTY = "+15550140002"
TIRED = "+15550140003"


@pytest.mark.timeout(300)
def test_texts_that_come_while_temporal_is_away_are_taken_in_order_when_it_is_back(
    board: Board,
) -> None:
    with paused(board.pid("Temporal")):
        answers = [board.text(CHATTY, f"text {number}").json() for number in range(4)]
    assert all(answer["was_accepted"] for answer in answers)

    def all_there() -> list[tuple[str, str]] | None:
        found = board.conversations(CHATTY)
        spoken = board.transcript(found[0]["id"]) if found else []
        texts = [one for one in spoken if one[0] == "consumer"]
        return texts if len(texts) >= len(answers) else None

    assert eventually(all_there) == [("consumer", f"text {number}") for number in range(4)]
    assert len(board.conversations(CHATTY)) == 1


@pytest.mark.timeout(300)
def test_a_stop_that_comes_while_temporal_is_away_holds_at_once(board: Board) -> None:
    board.text(TIRED, "hello")
    held = board.when(TIRED, "assigned")
    with paused(board.pid("Temporal")):
        board.text(TIRED, "STOP")
        answer = board.call("mia", "GET", f"/v1/consumers/{held['consumer']['id']}")
        assert answer.json()["is_opted_out"] is True
    closed = board.when(TIRED, "closed")
    assert closed["close_reason"] == "opt_out"
