"""Behaviour, section 4: how automatic messages are worded, filled and prefixed."""

import pytest

from domain.automatic.kinds import Automatic
from domain.automatic.templates import check_template, fill
from domain.conversation.kinds import Author, EventKind
from domain.errors import Invalid
from tests.domain.scenario import (
    ANN,
    SUPPORT,
    TEN,
    answered,
    scenario,
    waiting,
    with_ann,
    with_texts,
)

WELCOME = Automatic.welcome


def test_they_are_system_messages_and_name_their_event() -> None:
    welcome = waiting().transcript[-1]
    assert (welcome.author, welcome.automatic) == (Author.system, Automatic.first_welcome)
    assert (welcome.agent_id, welcome.is_consent_reply) == (None, False)


def test_a_prefix_stands_before_every_one_of_them_and_before_nothing_else() -> None:
    held = answered(SUPPORT.model_copy(update={"prefix": "Automatic message:"}))
    for message in held.transcript:
        is_automatic = message.author is Author.system
        assert message.text.startswith("Automatic message: ") is is_automatic


def test_one_that_outgrows_the_limit_when_filled_is_cut_and_stops_nothing() -> None:
    long = with_texts(SUPPORT, agent_joined="x" * 1599 + "{agent}")
    assert with_ann(long).messages[0].text == "x" * 1599 + "A"


def test_one_that_is_empty_when_filled_is_not_sent() -> None:
    nameless = with_texts(SUPPORT, first_welcome=" {agent} ")
    prefixed = nameless.model_copy(update={"prefix": "Automatic message:"})
    for policy in (nameless, prefixed):
        assert waiting(policy).said == []


def test_they_never_change_the_pending_side_or_what_waits() -> None:
    held = waiting()
    before = held.state.model_copy(deep=True)
    held.core.send_automatic(WELCOME, TEN)
    assert held.state.pending_side is before.pending_side
    assert (held.state.waiting_since, held.state.quiet_since) == (
        before.waiting_since,
        before.quiet_since,
    )


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("Hi", "Hi"),
        ("{brand}: {agent} of {skill}", "Acme: Ann of Support"),
        ("{agent}{agent}", "AnnAnn"),
        ("{nobody}", ""),
        ("{agent", "{agent"),
        ("{{agent}}", "{Ann}"),
    ],
)
def test_placeholders_are_filled_once(template: str, filled: str) -> None:
    values = {"brand": "Acme", "agent": "Ann", "skill": "Support"}
    assert fill(template, values) == filled


def test_a_name_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert fill("{agent}", {"agent": "{brand}", "brand": "Acme"}) == "{brand}"


@pytest.mark.parametrize("text", ["", "Hi", "{brand} {skill} {agent}", "100 % {"])
def test_a_text_with_known_placeholders_may_be_saved(text: str) -> None:
    check_template(text)


@pytest.mark.parametrize("text", ["{agnet}", "{}", "{ agent }", "{Agent}", "{agent} {time}"])
def test_an_unknown_placeholder_is_refused_when_the_text_is_saved(text: str) -> None:
    with pytest.raises(Invalid, match=r"Unknown placeholder .* Known are \{agent\}, \{brand\}"):
        check_template(text)


def test_events_hold_ids_and_words_but_no_text_of_a_consumer() -> None:
    held = scenario()
    held.texts("my secret is 4711")
    held.routes_to(ANN)
    held.replies(ANN, "yours is 4712")
    for kind in EventKind:
        said = "".join(e.model_dump_json() for e in held.events(kind))
        assert "my secret" not in said
        assert "yours is" not in said
