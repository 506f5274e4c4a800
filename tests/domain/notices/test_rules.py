"""Which event is a notice for whom, and what it settles."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.conversation.kinds import EventKind
from domain.notices.kinds import (
    CATALOGUE,
    Channel,
    NoticeKind,
    default_channels,
    kinds_for,
    preferences,
)
from domain.notices.rules import READ, Happening, Involved, due, settled
from domain.people.roles import Role

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
NOTE = UUID(int=7)


def event(kind: EventKind, by: str | None = None, **data: Any) -> Happening:
    return Happening(1, kind, NOW, uuid4(), by, data, is_command=True)


def told(happening: Happening, involved: Involved | None = None) -> list[tuple[str, NoticeKind]]:
    found = due(happening, involved or Involved(holder="ann", last_holder="ann"))
    return [(one.agent_id, one.kind) for one in found]


def test_a_text_is_a_notice_for_the_agent_and_for_managers_who_joined() -> None:
    text = event(EventKind.message_added, author="consumer", message_id=str(NOTE))
    both = Involved(holder="ann", joined=frozenset({"mia"}))
    assert told(text, both) == [("ann", NoticeKind.text), ("mia", NoticeKind.text)]
    assert told(text, Involved()) == []
    moved = event(EventKind.message_added, author="consumer", carried_from="x")
    assert told(moved) == told(event(EventKind.message_added, author="system")) == []


def test_a_manager_s_whisper_is_a_notice_and_ones_own_note_is_none() -> None:
    whisper = event(EventKind.message_added, "mia", author="note", message_id=str(NOTE))
    [notice] = due(whisper, Involved(holder="ann"))
    assert (notice.kind, notice.by, notice.message_id) == (NoticeKind.note, "mia", NOTE)
    assert told(event(EventKind.message_added, "ann", author="note")) == []
    named = event(EventKind.mentioned, "ben", by_agent_id="ann", message_id=str(NOTE))
    assert told(named) == [("ben", NoticeKind.mention)]


@pytest.mark.parametrize(
    ("how", "given"), [(None, True), ("picked", False), ("accepted", False), ("opened", False)]
)
def test_what_one_took_oneself_is_no_notice(how: str | None, given: bool) -> None:
    assigned = event(EventKind.conversation_assigned, "ann", **({"how": how} if how else {}))
    assert told(assigned) == ([("ann", NoticeKind.given)] if given else [])


def test_a_transfer_is_told_once_although_the_router_then_gives_it() -> None:
    passed = event(EventKind.conversation_transferred, "ben", to_agent_id="ann", note_id=str(NOTE))
    [notice] = due(passed, Involved())
    assert (notice.agent_id, notice.by, notice.message_id) == ("ann", "ben", NOTE)
    assigned = event(EventKind.conversation_assigned, "ann")
    soon = Involved("ann", transferred_at=NOW - timedelta(seconds=5), transferred_to="ann")
    late = Involved("ann", transferred_at=NOW - timedelta(minutes=5), transferred_to="ann")
    assert told(assigned, soon) == []
    assert told(assigned, late) == [("ann", NoticeKind.given)]


def test_whose_conversation_is_taken_learns_who_and_why() -> None:
    taken = event(
        EventKind.conversation_assigned,
        "mia",
        how="taken_over",
        from_agent_id="ann",
        note_id=str(NOTE),
    )
    [notice] = due(taken, Involved(holder="mia"))
    assert (notice.agent_id, notice.kind, notice.by) == ("ann", NoticeKind.taken_away, "mia")
    assert (notice.message_id, notice.why) == (NOTE, "taken_over")
    for kind, data in (
        (EventKind.conversation_transferred, {"from_agent_id": "ann", "skill_id": "s"}),
        (EventKind.conversation_returned, {"from_agent_id": "ann"}),
        (EventKind.conversation_closed, {"reason": "manager"}),
    ):
        assert told(event(kind, "mia", **data)) == [("ann", NoticeKind.taken_away)]
        assert told(event(kind, "ann", **data)) == []
    released = event(EventKind.conversation_released, "ann", reason="agent_silent")
    assert told(released, Involved()) == [("ann", NoticeKind.taken_away)]


def test_a_state_set_by_a_manager_is_a_notice_and_ones_own_is_none() -> None:
    by_mia = event(EventKind.agent_state, "ann", state="away", by_agent_id="mia")
    assert told(by_mia) == [("ann", NoticeKind.state_set)]
    assert told(event(EventKind.agent_state, "ann", by_agent_id="ann")) == []
    assert told(event(EventKind.agent_state, "ann")) == []


def test_what_was_answered_or_passed_on_counts_as_read() -> None:
    answered = settled(event(EventKind.message_added, "ann", author="agent"))
    assert answered is not None
    assert (answered.of, answered.kinds) == ("ann", frozenset(NoticeKind))
    by_itself = replace(event(EventKind.message_added, "ann"), is_command=False)
    assert settled(by_itself) is None
    assigned = settled(event(EventKind.conversation_assigned, "ben"))
    assert assigned is not None
    assert assigned.but == "ben"
    assert NoticeKind.taken_away not in assigned.kinds
    accepted = settled(event(EventKind.conversation_assigned, "ben", how="accepted"))
    assert accepted is not None
    assert accepted.but is None
    over = settled(event(EventKind.offer_ended, "ann"))
    assert over is not None
    assert over.kinds == {NoticeKind.offered}
    assert settled(event(EventKind.agent_state, "ann")) is None


def test_only_the_kinds_that_are_read_say_anything() -> None:
    for kind in set(EventKind) - READ:
        happening = event(kind, "ann", by_agent_id="mia", to_agent_id="ben", reason="manager")
        assert told(happening) == []
        assert settled(happening) is None


def test_each_person_chooses_for_each_kind_and_unknown_words_are_passed_over() -> None:
    assert set(CATALOGUE) == set(NoticeKind)
    chosen = preferences({"text": {"sound": False, "smoke": True}, "gone": {"page": False}})
    assert chosen[NoticeKind.text] == set(Channel) - {Channel.sound}
    assert chosen[NoticeKind.note] == default_channels(NoticeKind.note)
    assert Channel.push not in chosen[NoticeKind.note]
    assert NoticeKind.alert not in kinds_for(Role.agent)
    assert kinds_for(Role.manager) == tuple(NoticeKind)
