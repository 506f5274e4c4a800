"""The worker dies again and again in a story; nothing is missing and nothing is doubled.

Behind a text, a reply and a closing: `tests/faults` kills it within each kind of step.
"""

import pytest

from outgoing.time_outs import TimeOuts
from tests.stories.conftest import PATIENCE, Board, eventually

NUMBER = "+15550140001"


@pytest.mark.timeout(600)  # three starts of a worker, on however busy a machine
def test_a_worker_killed_again_and_again_leaves_a_whole_conversation(board: Board) -> None:
    board.text(NUMBER, "hello")
    board.kill_worker()
    board.text(NUMBER, "are you there?")
    held = board.when(NUMBER, "assigned")
    path = f"/v1/conversations/{held['id']}"
    who = held["agent_id"]

    board.insist(who, f"{path}/replies", "k1", text="Yes, how can I help?")
    board.kill_worker()
    board.insist(who, f"{path}/replies", "k2", text="Still here.")
    board.insist(who, f"{path}/transfers", "k3", skill="acme-billing", note="an invoice")
    held = board.when(NUMBER, "assigned")
    board.insist(held["agent_id"], f"{path}/replies", "k4", text="Billing here.")
    board.text(NUMBER, "thanks")
    board.insist(held["agent_id"], f"{path}/close", "k5")
    board.kill_worker()
    board.when(NUMBER, "survey")
    eventually(lambda: board.is_asked(held["id"]))
    board.text(NUMBER, "5")
    closed = board.when(NUMBER, "closed")

    assert "Worker ended unexpectedly and is being restarted" in board.terminal.text
    assert closed["survey"]["score"] == 5
    assert len(board.conversations(NUMBER)) == 1
    spoken = board.transcript(closed["id"])
    people = [(author, text) for author, text in spoken if author != "system"]
    assert people == [
        ("consumer", "hello"),
        ("consumer", "are you there?"),
        ("agent", "Yes, how can I help?"),
        ("agent", "Still here."),
        ("note", "an invoice"),
        ("agent", "Billing here."),
        ("consumer", "thanks"),
        ("consumer", "5"),
    ]
    sent = [text for author, text in spoken if author in ("agent", "system")]
    # A worker that was killed while a text left puts it in doubt, and its provider is asked first.
    in_doubt = TimeOuts().doubt.total_seconds()
    eventually(lambda: len(board.phone(NUMBER)) >= len(sent), seconds=PATIENCE + in_doubt)
    assert len(board.phone(NUMBER)) == len(sent)
    replies = [text for author, text in spoken if author == "agent"]
    assert [text for text in board.phone(NUMBER) if text in replies] == replies
