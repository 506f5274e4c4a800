"""The workflow's public contract: every command has an update, every message a description."""

from typing import get_args, get_type_hints

import pytest
from temporalio.workflow import _Definition

from workflows.conversation.commands import (
    Command,
    ConversationCommand,
    OpenByAgent,
    Reply,
)
from workflows.conversation.giving import CommandWhenOpen
from workflows.conversation.messages import KNOWN, Signal
from workflows.conversation.workflow import ConversationWorkflow

DEFINED = _Definition.must_from_class(ConversationWorkflow)


def test_every_command_is_in_the_union_and_has_its_update() -> None:
    commands = set(get_args(ConversationCommand))
    assert set(CommandWhenOpen.__subclasses__()) == commands
    assert set(get_args(Command)) == commands | {OpenByAgent}
    assert {one.update for one in get_args(Command)} == set(DEFINED.updates) - {KNOWN}


def test_every_update_but_the_opening_refuses_before_anything_is_written() -> None:
    unchecked = {name for name, one in DEFINED.updates.items() if one.validator is None}
    assert unchecked == {"open_by_agent"}


def test_every_signal_query_and_update_is_described() -> None:
    every = (DEFINED.signals, DEFINED.queries, DEFINED.updates)
    undescribed = [name for some in every for name, one in some.items() if not one.description]
    assert [name for name in undescribed if name and not name.startswith("__")] == []


def test_every_signal_the_mailbox_takes_has_a_handler() -> None:
    union, *_ = get_args(Signal)
    kinds = {get_args(get_type_hints(one)["kind"])[0] for one in get_args(union)}
    within = {"bot_answered"}  # what came of asking a bot: the workflow puts it there itself
    assert kinds - within | {"consumer_texts"} == set(DEFINED.signals)


@pytest.mark.parametrize("kind", get_args(Command))
def test_a_command_is_decoded_by_the_update_of_its_name(kind: type[Reply]) -> None:
    update = DEFINED.updates[kind.update]
    assert update.arg_types == [kind]
    assert kind.__doc__
