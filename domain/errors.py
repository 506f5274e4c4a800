"""One tree of errors: what the rules refuse, each with a sentence for a person.

The API renders them as problem details (RFC 9457), the workflow carries `code` in its
`ApplicationError.type`. Failures of a provider are `providers.contract.SendError`.
"""

from typing import ClassVar


class DomainError(Exception):
    """A rule refused. `code` is stable, `status` is HTTP's, the message is for a person."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = "This is not possible now."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)

    @property
    def detail(self) -> str:
        return str(self)


class ConversationClosed(DomainError):
    code = "conversation_closed"
    sentence = "This conversation is closed. The consumer's next text opens a new one."


class ConversationInSurvey(DomainError):
    code = "conversation_in_survey"
    sentence = (
        "The consumer is being asked to rate this conversation. It cannot be changed until that "
        "is over."
    )


class ConversationNotAssigned(DomainError):
    code = "not_your_conversation"
    status = 403
    sentence = "Only the agent assigned to this conversation can do that."


class ConversationAlreadyOpen(DomainError):
    code = "conversation_already_open"
    sentence = "There is already an open conversation with this consumer on this line."


class ConsumerOptedOut(DomainError):
    code = "consumer_opted_out"
    sentence = "The consumer has opted out of texts. Only they can opt in again, by texting START."


class ConsumerBlocked(DomainError):
    code = "consumer_blocked"
    sentence = "This consumer is blocked. A manager can unblock them."


class ConsumerChanged(DomainError):
    code = "consumer_changed"
    sentence = "Somebody changed this consumer after you read it. Nothing was saved: read it again."


class NumberIsLandline(DomainError):
    code = "number_is_landline"
    status = 422
    sentence = "The number gets no texts: it is a landline, or toll-free. Nothing was sent."


class ConsentMissing(DomainError):
    code = "consent_missing"
    sentence = (
        "This consumer has not texted you, and no consent of theirs is recorded. Your account "
        "needs one before the first text."
    )


class MessageTooLong(DomainError):
    code = "message_too_long"
    status = 422

    sentence = "The message has more characters than are allowed. It was not sent."

    def __init__(self, length: int, limit: int, *, has_wide: bool = False) -> None:
        wide = ", and an emoji counts as two or more" if has_wide else ""
        super().__init__(
            f"The message has {length} characters; {limit} are allowed{wide}. It was not sent."
        )


class MessageEmpty(DomainError):
    code = "message_empty"
    status = 422
    sentence = "The message is empty. It was not sent."


class PlaceholderLeft(DomainError):
    code = "placeholder_left"
    status = 422
    sentence = "A placeholder was not filled. It was not sent."

    def __init__(self, placeholder: str) -> None:
        super().__init__(
            f"Nobody knows what {placeholder} stands for here. Write it yourself, or remove it. "
            "It was not sent."
        )


class SendingAgainRefused(DomainError):
    code = "sending_again_refused"
    sentence = "This text cannot be sent again."


class TransferRefused(DomainError):
    code = "transfer_refused"
    sentence = "This conversation cannot be transferred in this way."


class BotTurnOver(DomainError):
    code = "bot_turn_over"
    sentence = (
        "This turn is over: it was answered, its deadline has passed, or the bot no longer has "
        "the conversation."
    )


class BotAnswerUnfit(DomainError):
    code = "bot_answer_unfit"
    status = 422
    sentence = "This answer cannot be carried out."


class OfferOver(DomainError):
    code = "offer_over"
    sentence = "This conversation is no longer offered to you."


class AlreadyTaken(DomainError):
    code = "already_taken"
    sentence = "This conversation is no longer waiting: somebody has taken it."


class TooManyScheduledTexts(DomainError):
    code = "too_many_scheduled_texts"
    sentence = "This conversation has as many scheduled texts as it may have. Cancel one first."


class JoiningRefused(DomainError):
    code = "joining_refused"
    sentence = "This conversation cannot be joined, left or taken over in this way."


class ClosingReasonMissing(DomainError):
    code = "closing_reason_missing"
    sentence = "Conversations of this skill are closed with a reason."


class RatingRequired(DomainError):
    code = "rating_required"
    sentence = "Consumers of this skill are always asked to rate."


class NumberInvalid(DomainError):
    code = "number_invalid"
    status = 422
    sentence = "This is not a phone number that can receive texts."


class NotFound(DomainError):
    code = "not_found"
    status = 404
    sentence = "Nothing was found here."


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    sentence = "Your role does not allow this."


class NotAuthenticated(DomainError):
    code = "not_authenticated"
    status = 401
    sentence = "Log in, or send a valid API token."


class Conflict(DomainError):
    code = "conflict"
    sentence = "This conflicts with something else; the detail says what."


class NameTaken(DomainError):
    code = "name_taken"
    sentence = "Something else has this name already."


class Invalid(DomainError):
    code = "invalid"
    status = 422
    sentence = "The request is not valid; the detail says why."


class Unavailable(DomainError):
    """The conversation engine is away: the request has not reached it."""

    code = "unavailable"
    status = 503
    sentence = "The conversation engine cannot be reached. Nothing was done: try again."


class MayStillBeDone(DomainError):
    """A command got no answer: only its key can tell whether it was done."""

    code = "may_still_be_done"
    status = 503
    retry_after: ClassVar[int] = 2
    """Seconds."""
    sentence = (
        "No answer came in time, so this may still be done. Do not write it again. Send the same "
        "request with the same Idempotency-Key until it is answered: it is done only once."
    )
    key: str | None = None
    """The Idempotency-Key to repeat the request with."""

    @classmethod
    def under(cls, key: str) -> "MayStillBeDone":
        """Return the error of the request with this key."""
        error = cls()
        error.key = key
        return error


def _tree(error: type[DomainError]) -> list[type[DomainError]]:
    return [error, *(below for child in error.__subclasses__() for below in _tree(child))]


def error_for(code: str, detail: str) -> DomainError:
    """Rebuild an error that a workflow raised, from its code and sentence."""
    for kind in _tree(DomainError):
        if kind.code == code:
            error = DomainError.__new__(kind)
            Exception.__init__(error, detail)
            return error
    return DomainError(detail)
