"""Every event has its words in one place."""

from domain.conversation.kinds import EVENTS, EventKind


def test_every_event_says_what_it_is_called_or_that_it_is_told_elsewhere() -> None:
    assert set(EVENTS) == set(EventKind)
    names = [words.step for words in EVENTS.values() if words.step]
    assert len(set(names)) == len(names)
    assert all("{" not in name for name in names), "operators read no names"


def test_words_of_events_name_nothing_but_the_person() -> None:
    for words in EVENTS.values():
        assert words.told is None or words.told.format(person="Ann")
