"""A transcript says why thanks opened nothing, and that a phone answers by itself."""

import pytest

from database.queries.workspace import Names
from database.tables import Event
from domain.conversation.kinds import EventKind
from web.transcripts.event_text import words


@pytest.mark.parametrize(
    ("kind", "courtesy", "told"),
    [
        ("opened_nothing", "thanks", "Closed conversation: thanks, nothing opened"),
        ("opened_nothing", "reaction", "Closed conversation: a reaction, nothing opened"),
        ("opened_nothing", "automatic", "Closed conversation: an automatic reply, nothing opened"),
        ("no_answer_owed", "thanks", "Thanks: no answer is owed"),
        ("no_answer_owed", "reaction", "A reaction: no answer is owed"),
        (
            "phone_answers",
            None,
            "The consumer's phone answers by itself: no automatic messages, no survey",
        ),
    ],
)
def test_a_transcript_says_what_a_courtesy_did(kind: str, courtesy: str | None, told: str) -> None:
    event = Event(kind=EventKind(kind), data={"courtesy": courtesy} if courtesy else {})
    assert words(event, Names({}, {}, {}, {})) == told
