"""Kinds of automatic messages, and the timer of a message that is sent after a delay."""

from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Timer(BaseModel):
    """Timer of an automatic message: it is sent after each `delay`, `repeats` times in all.

    For `auto_close_warning` the delay is the time before the close.
    """

    model_config = ConfigDict(frozen=True)

    delay: timedelta
    repeats: int = 1


class Automatic(StrEnum):
    """Events that may send an automatic message, each with one message."""

    first_welcome = "first_welcome"
    welcome = "welcome"
    first_welcome_off_hours = "first_welcome_off_hours"
    welcome_off_hours = "welcome_off_hours"
    off_hours = "off_hours"
    agent_joined = "agent_joined"
    transferred_to_skill = "transferred_to_skill"
    transferred_to_agent = "transferred_to_agent"
    returned_to_queue = "returned_to_queue"
    manager_joined = "manager_joined"
    manager_left = "manager_left"
    waiting_in_queue = "waiting_in_queue"
    agent_silent = "agent_silent"
    consumer_silent = "consumer_silent"
    response_time_changed = "response_time_changed"
    closed_by_agent = "closed_by_agent"
    auto_close_warning = "auto_close_warning"
    auto_closed = "auto_closed"
    survey_question = "survey_question"
    survey_retry = "survey_retry"
    survey_resolved = "survey_resolved"
    survey_recommend = "survey_recommend"
    survey_comment = "survey_comment"
    survey_thanks = "survey_thanks"
    survey_expired = "survey_expired"
    survey_unrecognised = "survey_unrecognised"
    media_refused = "media_refused"
    opted_out = "opted_out"
    opted_in = "opted_in"
    help = "help"
