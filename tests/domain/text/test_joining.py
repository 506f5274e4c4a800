"""Joining long texts: parts in any order, repeated, missing, and of texts with one reference."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text.joining import (
    MOST_AT_ONCE,
    MOST_PARTS,
    LongText,
    Part,
    Place,
    joined,
    late,
    place,
    whole,
)

WORDS = st.text(alphabet="abc 🙂é", min_size=1, max_size=4)


@dataclass
class Stored:
    """A long text as the database keeps it."""

    total: int
    contents: dict[int, str]
    is_waiting: bool = True
    is_new: bool = True
    id: UUID = field(default_factory=uuid4)


@dataclass
class Thread:
    """A model of one consumer's parts, all with the same reference."""

    texts: list[Stored] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """What an agent reads, in order."""
    copies: list[Part] = field(default_factory=list)

    def take(self, part: Part) -> Place:
        known = [_known(text, part) for text in self.texts if text.total == part.total]
        waiting = sum(text.is_waiting for text in self.texts)
        placed = place(part, known, waiting=waiting)
        mine = next(
            (text for text in self.texts if placed.text and text.id == placed.text.id), None
        )
        match placed.place:
            case Place.first:
                self.texts.append(Stored(part.total, {part.number: part.content}))
            case Place.next if mine and placed.text:
                mine.contents[part.number] = part.content
                assert placed.text.lacks_one is (len(mine.contents) == mine.total)
                if placed.text.lacks_one:
                    self._end(mine)
            case Place.late if mine:
                mine.contents[part.number] = part.content
                self.seen.append(late(part))
            case Place.copy:
                self.copies.append(part)
            case _:
                self.seen.append(whole(part.content))
        return placed.place

    def end_windows(self) -> None:
        for text in self.texts:
            text.is_new = False
            if text.is_waiting:
                self._end(text)

    def _end(self, text: Stored) -> None:
        text.is_waiting = False
        self.seen.append(joined(text.total, text.contents))


def _known(text: Stored, part: Part) -> LongText:
    numbers = frozenset(text.contents)
    there = text.contents.get(part.number)
    return LongText(text.id, text.total, numbers, there, text.is_waiting, text.is_new)


def parts_of(pieces: Sequence[str]) -> list[Part]:
    return [Part(number, len(pieces), piece) for number, piece in enumerate(pieces, start=1)]


@given(pieces=st.lists(WORDS, min_size=2, max_size=12), data=st.data())
def test_parts_in_any_order_and_repeated_are_one_text(
    pieces: list[str], data: st.DataObject
) -> None:
    once = data.draw(st.permutations(parts_of(pieces)))
    again = data.draw(st.lists(st.sampled_from(once), max_size=6))
    thread = Thread()
    for part in [*once, *again] if data.draw(st.booleans()) else _mixed(once, again):
        thread.take(part)
    assert thread.seen == ["".join(pieces)]


def _mixed(once: Sequence[Part], again: Sequence[Part]) -> list[Part]:
    return [part for one in once for part in (one, *(two for two in again if two == one))]


@given(
    parts=st.lists(
        st.builds(Part, number=st.integers(-1, 5), total=st.integers(-1, 4), content=WORDS),
        max_size=40,
    ),
    ends=st.sets(st.integers(0, 40)),
)
def test_nothing_is_lost_whatever_comes(parts: list[Part], ends: set[int]) -> None:
    thread, alone = Thread(), 0
    for at, part in enumerate(parts):
        alone += thread.take(part) is Place.alone
        assert sum(text.is_waiting for text in thread.texts) <= MOST_AT_ONCE
        if at in ends:
            thread.end_windows()
    thread.end_windows()
    kept = sum(len(text.contents) for text in thread.texts)
    assert kept + len(thread.copies) + alone == len(parts)
    for text in thread.texts:
        assert all(
            whole(content).strip(" ") in " ".join(thread.seen) for content in text.contents.values()
        )
    for copy in thread.copies:
        assert any(copy.content == text.contents.get(copy.number) for text in thread.texts)


def test_another_text_with_the_same_reference_is_a_text_of_its_own() -> None:
    thread = Thread()
    for part in (Part(1, 2, "one "), Part(1, 2, "two "), Part(2, 2, "first"), Part(2, 2, "second")):
        thread.take(part)
    assert thread.seen == ["one first", "two second"]


def test_totals_that_disagree_are_different_texts() -> None:
    thread = Thread()
    for part in (
        Part(1, 2, "a"),
        Part(1, 3, "b"),
        Part(2, 2, "c"),
        Part(2, 3, "d"),
        Part(3, 3, "e"),
    ):
        thread.take(part)
    assert thread.seen == ["ac", "bde"]


def test_what_is_missing_is_marked_and_what_comes_later_says_so() -> None:
    thread = Thread()
    assert thread.take(Part(1, 5, "Hello,")) is Place.first
    assert thread.take(Part(4, 5, "bye")) is Place.next
    thread.end_windows()
    assert thread.take(Part(3, 5, "how are you? ")) is Place.late
    assert thread.seen == [
        "Hello, [parts 2 to 3 of 5 are missing] bye [part 5 of 5 is missing]",
        "[late: part 3 of 5] how are you? ",
    ]
    assert thread.take(Part(3, 5, "other words")) is Place.first


def test_a_thousand_parts_with_one_reference_wait_in_a_few_texts_only() -> None:
    thread = Thread()
    places = [thread.take(Part(1, 2, f"words {number}")) for number in range(1000)]
    assert places.count(Place.first) == MOST_AT_ONCE
    assert places.count(Place.alone) == 1000 - MOST_AT_ONCE


def test_the_longest_text_of_all_is_joined() -> None:
    thread, pieces = Thread(), [f"{number} " for number in range(1, MOST_PARTS + 1)]
    for part in reversed(parts_of(pieces)):
        thread.take(part)
    assert thread.seen == ["".join(pieces)]


@pytest.mark.parametrize(
    "part", [Part(3, 2, "x"), Part(0, 2, "x"), Part(1, 256, "x"), Part(1, 1, "x")]
)
def test_a_part_that_no_phone_sends_stands_alone(part: Part) -> None:
    assert Thread().take(part) is Place.alone


def test_an_emoji_cut_in_two_is_whole_again() -> None:
    high, low = "\ud83d", "\ude42"
    assert joined(2, {1: f"Hi {high}", 2: f"{low}!"}) == "Hi 🙂!"
    assert joined(2, {1: f"Hi {high}"}) == "Hi \ufffd [part 2 of 2 is missing]"
    assert late(Part(2, 2, f"{low}!")) == "[late: part 2 of 2] \ufffd!"
