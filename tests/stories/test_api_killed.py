"""The API dies right after it answered: what it had not handed over yet is not lost."""

import pytest

from tests.stories.conftest import Board, eventually, paused

HASTY = "+15550140004"


@pytest.mark.timeout(300)
def test_texts_that_were_answered_before_the_api_was_killed_are_taken_in_order(
    board: Board,
) -> None:
    with paused(board.pid("Temporal")):
        answers = [board.text(HASTY, f"text {number}").json() for number in range(3)]
        assert all(answer["was_accepted"] for answer in answers)
        board.kill_api()
    board.text(HASTY, "and one more")

    def all_there() -> list[str] | None:
        found = board.conversations(HASTY)
        spoken = board.transcript(found[0]["id"]) if found else []
        texts = [text for author, text in spoken if author == "consumer"]
        return texts if len(texts) > len(answers) else None

    expected = [*(f"text {number}" for number in range(3)), "and one more"]
    assert eventually(all_there) == expected
    assert len(board.conversations(HASTY)) == 1
