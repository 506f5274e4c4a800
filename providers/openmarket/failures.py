"""The ways a text can fail at OpenMarket, what each means, and the sentence the agent reads."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from providers.contract import Blame, SendError, SendOutcome

MINUTES = 60.0


class Failure(StrEnum):
    """Our stable codes of failed sends."""

    invalid_recipient = "invalid_recipient"
    not_textable = "not_textable"
    no_route = "no_route"
    unreachable = "unreachable"
    blocked = "blocked"
    not_delivered = "not_delivered"
    part_not_delivered = "part_not_delivered"
    sender_refused = "sender_refused"
    sender_not_registered = "sender_not_registered"
    account_refused = "account_refused"
    request_refused = "request_refused"
    billing_refused = "billing_refused"
    text_refused = "text_refused"
    text_too_long = "text_too_long"
    filtered = "filtered"
    expired = "expired"
    rate_limited = "rate_limited"
    congested = "congested"
    provider_unavailable = "provider_unavailable"
    provider_unreachable = "provider_unreachable"
    provider_failed = "provider_failed"
    no_answer = "no_answer"
    carrier_silent = "carrier_silent"
    status_gone = "status_gone"
    refused = "refused"


@dataclass(frozen=True)
class Verdict:
    """What follows from a failure. `retry_after`: seconds until another attempt makes sense.

    The agent reads `sentence` when the failure is final, whether it came in an answer, a receipt or
    a look-up, so it makes no promises.
    """

    outcome: SendOutcome
    blame: Blame
    sentence: str
    retry_after: float | None = None


def _recipient(sentence: str) -> Verdict:
    return Verdict(SendOutcome.refused, Blame.recipient, sentence)


def _content(sentence: str) -> Verdict:
    return Verdict(SendOutcome.refused, Blame.content, sentence)


def _configuration(sentence: str) -> Verdict:
    return Verdict(SendOutcome.refused, Blame.configuration, sentence)


def _later(sentence: str, seconds: float | None = None) -> Verdict:
    return Verdict(SendOutcome.not_processed, Blame.provider, sentence, seconds)


def _in_doubt(sentence: str) -> Verdict:
    return Verdict(SendOutcome.ambiguous, Blame.provider, sentence)


VERDICTS = MappingProxyType(
    {
        Failure.invalid_recipient: _recipient(
            "This number does not exist or cannot be texted. Check it with the consumer."
        ),
        Failure.not_textable: _recipient(
            "This number cannot receive texts (a landline, or not a mobile). "
            "Ask the consumer for a mobile number."
        ),
        Failure.no_route: _configuration(
            "Our line cannot text this number's carrier. Check the number with the consumer, and "
            "tell an administrator."
        ),
        Failure.unreachable: _recipient(
            "The phone is switched off, out of reach or suspended. Send it again in a few hours."
        ),
        Failure.blocked: _recipient(
            "The consumer or their carrier blocks our texts. Reach them another way."
        ),
        Failure.not_delivered: _recipient(
            "The carrier did not deliver the text and gave no reason. Send it once more, "
            "or reach the consumer another way."
        ),
        Failure.part_not_delivered: _recipient(
            "The carrier did not deliver all parts of the text. Send it again in shorter texts."
        ),
        Failure.sender_refused: _configuration(
            "Our line may not send texts at the provider. Tell an administrator."
        ),
        Failure.sender_not_registered: _configuration(
            "The program of our short code is not registered with this carrier, or not set in the "
            "connector. Tell an administrator."
        ),
        Failure.account_refused: _configuration(
            "The provider does not accept our account. Tell an administrator."
        ),
        Failure.request_refused: _configuration(
            "The provider does not accept how we hand texts over. Tell an administrator."
        ),
        Failure.billing_refused: _configuration(
            "The provider took the text for one that the consumer pays for, and refused it. "
            "Tell an administrator."
        ),
        Failure.text_refused: _content(
            "The provider does not accept this text as it is. Write it differently."
        ),
        Failure.text_too_long: _content(
            "The text is longer than the provider accepts. Send it in shorter texts."
        ),
        Failure.filtered: _content(
            "The carrier held the text to be spam. Write it differently, without short links."
        ),
        Failure.expired: _recipient(
            "The carrier could not deliver the text in time and gave up. "
            "Send it again if it still matters."
        ),
        Failure.rate_limited: _later(
            "We sent too fast for the provider. It was not sent. Send it again later."
        ),
        Failure.congested: _later(
            "The carrier did not take the text for now. It was not delivered. Send it again later.",
            5 * MINUTES,
        ),
        Failure.provider_unavailable: _later(
            "The provider was not available. It was not sent. Send it again later.", MINUTES
        ),
        Failure.provider_unreachable: _later(
            "The provider could not be reached. It was not sent. Send it again later."
        ),
        Failure.provider_failed: _in_doubt(
            "The provider failed while it handled the text, and it may have been sent. "
            "Ask the consumer before you send it again."
        ),
        Failure.no_answer: _in_doubt(
            "The provider did not say whether the text was sent. "
            "Ask the consumer before you send it again."
        ),
        Failure.carrier_silent: _in_doubt(
            "The carrier did not say whether it took the text. "
            "Ask the consumer before you send it again."
        ),
        Failure.status_gone: _in_doubt(
            "The provider no longer knows what became of the text. "
            "Ask the consumer before you send it again."
        ),
        Failure.refused: Verdict(
            SendOutcome.refused,
            Blame.provider,
            "The text was not delivered, and the provider gave no reason. Send it once more; "
            "if that fails too, tell an administrator.",
        ),
    }
)

UNKNOWN = (
    "The text was not delivered. The provider calls the reason {code}, which is not known here. "
    "Send it once more; if that fails too, tell an administrator this number."
)


def failed(
    failure: Failure, provider_code: str | None = None, retry_after: float | None = None
) -> SendError:
    """Return the error for a failure; the provider's `retry_after` takes precedence over ours."""
    verdict = VERDICTS[failure]
    is_unknown = failure is Failure.refused and provider_code is not None
    return SendError(
        code=failure,
        outcome=verdict.outcome,
        blame=verdict.blame,
        sentence=UNKNOWN.format(code=provider_code) if is_unknown else verdict.sentence,
        provider_code=provider_code,
        retry_after=verdict.retry_after if retry_after is None else retry_after,
    )
