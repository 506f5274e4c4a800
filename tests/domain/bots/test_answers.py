"""Reading a bot's answer: whatever a program sends, and the health of bots."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.bots.answers import BotAnswer, BotFailure, read_answer
from domain.bots.disclosure import check_disclosures, disclosure
from domain.bots.health import FAILURES_IN_A_ROW, PAUSE, BotHealth, after
from domain.bots.kinds import BotAction, BotProblem
from domain.bots.masking import without_cards
from domain.errors import Invalid
from domain.text.limits import OUTGOING

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_an_answer_is_read() -> None:
    body = {"turn": 3, "texts": ["Hi"], "action": {"kind": "transfer", "skill": "acme-sales"}}
    answer = read_answer(json.dumps(body | {"later": 1}).encode(), 3)
    assert isinstance(answer, BotAnswer)
    assert answer.texts == ("Hi",)
    assert answer.action.kind is BotAction.transfer


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "not a JSON object"),
        (b"", "not a JSON object"),
        (b"\xff\xfe", "not a JSON object"),
        (b"[" * 5000, "not a JSON object"),
        (b"3", "protocol"),
        (b"{}", "turn"),
        (b'{"turn": 2}', "turn 2 instead of turn 1"),
        (b'{"turn": 1, "texts": "Hi"}', "texts"),
        (b'{"turn": 1, "texts": ["1", "2", "3", "4", "5", "6"]}', "texts"),
        (b'{"turn": 1, "texts": [""]}', "cannot be sent"),
        (b'{"turn": 1, "texts": ["a\\u0000b"]}', "characters"),
        (b'{"turn": 1, "texts": ["\\ud83d"]}', "characters"),
        (json.dumps({"turn": 1, "texts": ["x" * 1601]}).encode(), "1600 are allowed"),
        (b'{"turn": 1, "action": {"kind": "dance"}}', "action.kind"),
        (b'{"turn": 1, "action": {"kind": "transfer"}}', "named no skill"),
        (b'{"turn": 1, "action": {"kind": "transfer", "skill": "a\\u0000"}}', "does not exist"),
        (b'{"turn": 1, "action": {"kind": "transfer", "skill": "\\ud83d"}}', "action.skill"),
        (b'{"turn": 1, "more": ' + b'{"a":' * 9000, "not a JSON object"),
        (b" " * 10_000_000, "more than 64 KiB"),
    ],
)
def test_whatever_else_comes_is_wrong_and_the_reason_is_told(body: bytes, why: str) -> None:
    answer = read_answer(body, 1)
    assert isinstance(answer, BotFailure)
    assert answer.problem is BotProblem.wrong
    assert why in answer.why


def test_a_text_may_hold_any_number_of_brackets() -> None:
    answer = read_answer(json.dumps({"turn": 1, "texts": ["[{" * 100]}).encode(), 1)
    assert isinstance(answer, BotAnswer)


def test_long_and_odd_notes_are_kept_as_far_as_they_may() -> None:
    answer = read_answer(json.dumps({"turn": 1, "notes": "\0\ud83d" + "x" * 9000}).encode(), 1)
    assert isinstance(answer, BotAnswer)
    assert answer.notes is not None
    assert answer.notes.startswith("?xxx")
    assert len(answer.notes) < 1601


def test_a_bot_that_fails_in_a_row_is_paused_and_tried_again() -> None:
    health = BotHealth()
    for _ in range(FAILURES_IN_A_ROW):
        assert not health.is_paused(NOON)
        health = after(health, is_failure=True, now=NOON)
    assert health.is_paused(NOON)
    assert not health.is_paused(NOON + PAUSE)
    again = after(health, is_failure=True, now=NOON + PAUSE)
    assert again.is_paused(NOON + PAUSE + timedelta(seconds=1))
    assert after(again, is_failure=False, now=NOON) == BotHealth()


def test_a_disclosure_is_in_the_consumers_language_if_there_are_words() -> None:
    own = {"fr": "Je suis un robot.", "en": "I am a robot."}
    assert disclosure(own, "fr-CA", "en") == "Je suis un robot."
    assert disclosure(own, "nl", "en") == "I am a robot."
    assert disclosure({}, "de", "en").startswith("Sie schreiben")
    assert disclosure({}, "nl", "tr").startswith("You are talking")
    for unfit in ({"xx": "Hi"}, {"en": " "}, {"en": "x" * 161}):
        with pytest.raises(Invalid):
            check_disclosures(unfit)


def test_card_numbers_are_masked_in_all_that_a_bot_writes() -> None:
    said = BotAnswer(turn=1, texts=("4242 4242 4242 4242", "No."), notes="4242424242424242")
    kept = without_cards(said)
    assert (kept.texts, kept.notes) == (("•••• •••• •••• 4242", "No."), "••••••••••••4242")
    assert without_cards(BotAnswer(turn=1)) == BotAnswer(turn=1)


@pytest.mark.parametrize(
    "unfit",
    [
        {"turn": 2},
        {"turn": 4242424242424242},
        {"texts": ["x" * 9000]},
        {"action": {"kind": "transfer"}},
        {"action": {"kind": "transfer", "skill": "No such one"}},
        {"action": {"kind": "transfer", "skill": "4242-4242-4242-4242"}},
        {"notes": "x" * (OUTGOING - 17) + " 4242424242424242 and so on"},
    ],
)
def test_card_numbers_are_masked_in_what_cannot_be_carried_out(unfit: dict[str, Any]) -> None:
    body = {"turn": 1, "notes": "Card 4242 4242 4242 4242", **unfit}
    kept = read_answer(json.dumps(body).encode(), 1, without_cards)
    assert "42424242" not in kept.model_dump_json().replace(" ", "").replace("-", "")
