"""A consumer calls, presses 1, is texted, and replies: the agent sees the call."""

import pytest

from tests.stories.conftest import Board, eventually

HOLDER = "+15550140078"
SALES = "+15550100002"


def act(board: Board, path: str, **body: object) -> dict[str, object]:
    """Do something with the consumer's phone, and return the call."""
    url = f"{board.terminal.address('simulator')}/phones/{HOLDER}/calls{path}"
    answer = board.http.post(url, json=body)
    answer.raise_for_status()
    call: dict[str, object] = answer.json()
    return call


@pytest.mark.timeout(300)
def test_a_caller_who_presses_1_is_texted_and_their_reply_opens_a_conversation(
    board: Board,
) -> None:
    design = {"line": "acme-sales", "skill": "acme-billing"}
    menu = {"name": "Sales calls", "numbers": [SALES], "design": design}
    made = board.call("ada", "POST", "/v1/menus", **menu).json()
    at = f"/v1/menus/{made['id']}"
    [found] = board.call("ada", "GET", f"{at}/set-up").json()
    assert (found["is_set_up"], found["voice_url"]) == (False, "")
    stale = board.call("ada", "POST", f"{at}/set-up", number=SALES, replaces="https://old.test")
    assert stale.status_code == 409
    wanted = {"number": SALES, "replaces": ""}
    done, again = [board.insist("ada", f"{at}/set-up", "set-up", **wanted).json() for _ in "ab"]
    assert done["is_set_up"]
    assert again == done
    assert board.call("ada", "DELETE", at).status_code == 409  # its calls still come here

    call = act(board, "", to=SALES)
    assert "press 1" in str(call["heard"])
    call = act(board, f"/{call['sid']}/acts", digits="1")
    assert (call["state"], call["status"]) == ("over", "completed")
    [text] = eventually(lambda: board.phone(HOLDER))
    assert "Thank you for calling" in text
    assert not board.conversations(HOLDER)  # no reply, no conversation
    board.text(HOLDER, "My tent leaks", SALES)
    opened = eventually(lambda: board.conversations(HOLDER))[0]
    assert opened["skill_id"] == "acme-billing"
    assert opened["origin"]["kind"] == "call"
    assert "pressed 1" in opened["origin"]["context"]["note"]
    spoken = eventually(lambda: board.transcript(opened["id"]))
    assert [words for _, words in spoken][:2] == [text, "My tent leaks"]
    [kept] = board.call("mia", "GET", "/v1/calls").json()["items"]
    assert (kept["outcome"], kept["conversation_id"]) == ("asked", opened["id"])

    back, again = [
        board.insist("ada", f"{at}/take-back", "take-back", number=SALES).json() for _ in "ab"
    ]
    assert again == back
    assert (back["voice_url"], back["may_take_back"]) == ("", False)
    assert board.call("ada", "DELETE", at).status_code == 204
