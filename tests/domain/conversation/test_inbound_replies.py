"""Behaviour, section 4: what a text is answered at once, in and outside working hours."""

import pytest

from domain.consent.keyword import Keyword
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.conversation.state import ConsumerFacts
from domain.policy.policy import Policy
from tests.domain.conversation.test_timers import open_from, until
from tests.domain.scenario import (
    ANN,
    FIRST_TIME,
    RETURNING,
    SUPPORT,
    Scenario,
    scenario,
    waiting,
    with_texts,
)

DAY = 24 * 60
CONTINUING = ConsumerFacts(is_first=False, continues=True)
WORDED = with_texts(
    SUPPORT,
    first_welcome_off_hours="Welcome! We are closed.",
    welcome_off_hours="We are closed.",
    off_hours="We are closed, and read it tomorrow.",
    media_refused="We take pictures only.",
)


def office(policy: Policy = WORDED) -> Policy:
    """Return a policy that is open for an hour from eleven, and from eleven on the next day."""
    return policy.model_copy(update=open_from((60, 120), (DAY + 60, DAY + 120)))


def sends(held: Scenario, *content_types: str, keyword: Keyword | None = None) -> None:
    media = tuple(MediaRef(url="https://m/1", content_type=kind) for kind in content_types)
    text = ReceivedText(
        f"media-{held.keys}", "look", keyword=keyword, media=media, received_at=held.now
    )
    held.keys += 1
    held.does(lambda core: core.consumer_texted(text, held.now))


@pytest.mark.parametrize(
    ("facts", "minute", "said"),
    [
        (FIRST_TIME, 0, ["first_welcome_off_hours"]),
        (FIRST_TIME, 60, ["first_welcome"]),
        (RETURNING, 0, ["welcome_off_hours"]),
        (RETURNING, 60, ["welcome"]),
        (CONTINUING, 0, ["off_hours"]),
        (CONTINUING, 60, []),
    ],
)
def test_the_welcome_knows_working_hours(
    facts: ConsumerFacts, minute: int, said: list[str]
) -> None:
    opened = scenario(office(), facts)
    until(opened, minute)
    opened.texts("hello")
    assert opened.said == said


def test_a_consumer_welcomed_outside_hours_is_not_told_again_that_night() -> None:
    held = waiting(office())
    for minute in (10, 59):
        until(held, minute)
        held.texts("hello?")
        assert held.said == []


def test_each_closed_period_is_told_once() -> None:
    held = waiting(office())
    told = []
    for minute in (59, 60, 119, 120, 130, DAY, DAY + 60, DAY + 120):
        until(held, minute)
        held.texts("hello?")
        told += [minute] if held.said == ["off_hours"] else []
    assert told == [120, DAY + 120]


def test_without_a_welcome_the_first_text_is_told_of_closed_hours() -> None:
    assert waiting(office(with_texts(WORDED, first_welcome_off_hours=""))).said == ["off_hours"]


def test_a_keyword_is_told_nothing_and_uses_nothing_up() -> None:
    held = waiting(office())
    until(held, 130)
    held.texts("HELP")
    assert held.said == ["help"]
    held.texts("hello?")
    assert held.said == ["off_hours"]


def test_a_consumer_who_opted_out_is_told_nothing() -> None:
    held = waiting(office(), ConsumerFacts(is_first=False, is_opted_out=True))
    assert held.said == []
    assert not held.core.is_open


def test_hours_that_are_never_known_to_open_are_told_once() -> None:
    held = waiting(WORDED.model_copy(update=open_from()))
    until(held, DAY)
    held.texts("hello?")
    assert held.said == []


@pytest.mark.parametrize(
    ("attachments", "is_refused"),
    [
        (["image/jpeg"], False),
        (["image/PNG; name=a"], False),
        (["image/heic", "image/webp", "image/gif"], False),
        ([""], False),
        (["text/x-vcard"], True),
        (["video/mp4", "audio/amr"], True),
        (["image/jpeg", "application/pdf"], True),
        (["image/svg+xml"], True),
    ],
)
def test_an_attachment_that_is_no_picture_is_refused_once_per_text(
    attachments: list[str], is_refused: bool
) -> None:
    held = waiting(WORDED)
    sends(held, *attachments)
    assert held.said == (["media_refused"] if is_refused else [])


def test_an_attachment_with_a_keyword_is_not_spoken_of() -> None:
    held = waiting(WORDED)
    sends(held, "text/x-vcard", keyword=Keyword.help)
    assert held.said == ["help"]


def test_an_off_hours_message_changes_nobodys_turn() -> None:
    held = waiting(office())
    held.routes_to(ANN)
    held.replies(ANN)
    until(held, 130)
    held.texts("hello?")
    assert (held.said, held.state.waiting_since) == (["off_hours"], held.now)
