"""Meanings of answers to a survey, and outcomes of surveys."""

from enum import StrEnum


class SurveyOutcome(StrEnum):
    completed = "completed"
    ignored = "ignored"
    unrecognised = "unrecognised"
    expired = "expired"
    interrupted = "interrupted"
    opted_out = "opted_out"


class Interruption(StrEnum):
    """When a new request ends the survey and opens the next conversation."""

    at_once = "at_once"
    after_last_retry = "after_last_retry"


class Meaning(StrEnum):
    """Meaning of a text as an answer to a survey question.

    `attempt`: it tries to rate, but contradicts itself or names no step of the scale.
    `acknowledgement`: "ok thanks", a greeting, a tapback. `request`: it is plainly meant for a
    person. `unclear`: anything else.
    """

    rating = "rating"
    attempt = "attempt"
    acknowledgement = "acknowledgement"
    request = "request"
    unclear = "unclear"


class QuestionSeen(StrEnum):
    """How much of a question a consumer can have seen when they sent a text.

    `question`: all of it, including any repetition. `first_asking`: only the first asking.
    `nothing`: the text was sent before the question. `never`: sending the question failed, so
    nobody was asked.
    """

    question = "question"
    first_asking = "first_asking"
    nothing = "nothing"
    never = "never"


class FollowUp(StrEnum):
    """Optional questions after the rating, in the order they are asked."""

    resolved = "resolved"
    """Yes or no."""
    recommend = "recommend"
    """0 to 10."""
    comment = "comment"
    """Free text."""


class Grade(StrEnum):
    """Grade of an answer without a number, in any language; or yes or no."""

    terrible = "terrible"
    bad = "bad"
    fair = "fair"
    good = "good"
    excellent = "excellent"
    no = "no"
    yes = "yes"


class SurveyGate(StrEnum):
    """Why a consumer was not asked to rate."""

    disabled = "disabled"
    no_question = "no_question"
    """The text of the question is switched off."""
    silent_close = "silent_close"
    """Closed by auto-close, an opt-out or the system."""
    opted_out = "opted_out"
    program = "program"
    """The sender is a short code or a name, not a phone."""
    answers_by_itself = "answers_by_itself"
    """The phone answers by itself."""
    no_skill = "no_skill"
    never_assigned = "never_assigned"
    """It was never assigned, so the score would count for nobody."""
    nothing_written = "nothing_written"
    few_texts = "few_texts"
    asked_recently = "asked_recently"
    not_sampled = "not_sampled"
    not_wanted = "not_wanted"
    """Whoever closed it did so without asking."""
