"""What answers to a survey mean, and how a survey ends."""

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
    """What a text is as an answer to a question of the survey.

    `attempt`: it tries to rate, but contradicts itself or names no step. `acknowledgement`: "ok
    thanks", a greeting, a tapback. `request`: plainly for a person. `unclear`: the rest.
    """

    rating = "rating"
    attempt = "attempt"
    acknowledgement = "acknowledgement"
    request = "request"
    unclear = "unclear"


class QuestionSeen(StrEnum):
    """What a consumer can have seen of a question when they sent a text.

    `question`: it, also as it was asked again. `first_asking`: only as it was first asked.
    `nothing`: the text was sent before the question left. `never`: it failed for good, so nobody
    was asked.
    """

    question = "question"
    first_asking = "first_asking"
    nothing = "nothing"
    never = "never"


class FollowUp(StrEnum):
    """Optional questions after the rating, in this order."""

    resolved = "resolved"
    """Yes or no."""
    recommend = "recommend"
    """0 to 10."""
    comment = "comment"
    """Free text."""


class Grade(StrEnum):
    """What an answer without a number says, in any language: how good it was, or yes or no."""

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
    """The text of the question is off."""
    silent_close = "silent_close"
    """Closed by auto-close, an opt-out or the system."""
    opted_out = "opted_out"
    program = "program"
    """A short code or a name texted."""
    no_skill = "no_skill"
    never_assigned = "never_assigned"
    """Nobody ever held it: the score would be nobody's."""
    nothing_written = "nothing_written"
    few_texts = "few_texts"
    asked_recently = "asked_recently"
    not_sampled = "not_sampled"
