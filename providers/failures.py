"""The ways a text can fail at a provider, what each means for us, and what the agent reads.

An adapter translates its provider's error codes into these.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from domain.delivery.told import harmless
from providers.contract import LONGEST_TOLD, Blame, Reach, SendError, SendOutcome

MINUTES = 60.0
HOURS = 3600.0


class Failure(StrEnum):
    """Our stable codes of failed sends."""

    invalid_recipient = "invalid_recipient"
    not_textable = "not_textable"
    no_route = "no_route"
    opted_out = "opted_out"
    unreachable = "unreachable"
    blocked = "blocked"
    not_delivered = "not_delivered"
    part_not_delivered = "part_not_delivered"
    region_not_enabled = "region_not_enabled"
    sender_refused = "sender_refused"
    sender_not_registered = "sender_not_registered"
    account_refused = "account_refused"
    access_refused = "access_refused"
    trial_account = "trial_account"
    request_refused = "request_refused"
    billing_refused = "billing_refused"
    callback_refused = "callback_refused"
    reply_loop = "reply_loop"
    text_refused = "text_refused"
    text_too_long = "text_too_long"
    too_many_parts = "too_many_parts"
    media_refused = "media_refused"
    media_not_possible = "media_not_possible"
    filtered = "filtered"
    channel_refused = "channel_refused"
    expired = "expired"
    expired_on_the_way = "expired_on_the_way"
    cancelled = "cancelled"
    rate_limited = "rate_limited"
    queue_full = "queue_full"
    congested = "congested"
    carrier_unavailable = "carrier_unavailable"
    daily_limit = "daily_limit"
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

    The agent reads `sentence` when the failure is final, whether it came in an answer, a callback
    or the provider's list, so it makes no promises.
    """

    outcome: SendOutcome
    blame: Blame
    sentence: str
    retry_after: float | None = None
    is_opt_out: bool = False
    reach: Reach = Reach.text


def _recipient(sentence: str, *, is_opt_out: bool = False) -> Verdict:
    return Verdict(SendOutcome.refused, Blame.recipient, sentence, is_opt_out=is_opt_out)


def _content(sentence: str) -> Verdict:
    return Verdict(SendOutcome.refused, Blame.content, sentence)


def _configuration(sentence: str) -> Verdict:
    return Verdict(SendOutcome.refused, Blame.configuration, sentence)


def _later(sentence: str, seconds: float | None = None) -> Verdict:
    return Verdict(SendOutcome.not_processed, Blame.provider, sentence, retry_after=seconds)


def _too_fast(sentence: str, seconds: float | None = None) -> Verdict:
    return replace(_later(sentence, seconds), reach=Reach.line)


def _account(sentence: str) -> Verdict:
    """The provider refuses the whole account, so the text waits until that is mended."""
    return Verdict(SendOutcome.not_processed, Blame.configuration, sentence, reach=Reach.connector)


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
            "Our line cannot text this number: our line may not reach its country or network, or "
            "it is no mobile. Check it with the consumer, and tell an administrator."
        ),
        Failure.opted_out: _recipient(
            "The consumer has opted out of texts. Only they can opt in again, by texting START.",
            is_opt_out=True,
        ),
        Failure.unreachable: _recipient(
            "The phone is switched off or out of reach. Send it again in a few hours."
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
        Failure.region_not_enabled: _configuration(
            "Texts to this country are not enabled. Ask an administrator to enable it."
        ),
        Failure.sender_refused: _configuration(
            "Our line may not send texts at the provider. Tell an administrator."
        ),
        Failure.sender_not_registered: _configuration(
            "Our line is not registered with the carriers yet. Tell an administrator."
        ),
        Failure.account_refused: _account(
            "The provider does not accept our account. It was not sent. Send it again once an "
            "administrator has mended that."
        ),
        # The provider did not say that it means the account, so only this text fails.
        Failure.access_refused: _configuration(
            "The provider denied us access for this text. Tell an administrator."
        ),
        Failure.trial_account: _configuration(
            "Our account at the provider is on trial and does not allow this text. "
            "Tell an administrator."
        ),
        Failure.request_refused: _configuration(
            "The provider does not accept how we submit texts. Tell an administrator."
        ),
        Failure.billing_refused: _configuration(
            "The provider took the text for one that the consumer pays for, and refused it. "
            "Tell an administrator."
        ),
        Failure.callback_refused: _configuration(
            "The provider does not accept our address for delivery reports. Tell an administrator."
        ),
        Failure.reply_loop: _configuration(
            "The provider stopped a loop of automatic replies. Tell an administrator."
        ),
        Failure.text_refused: _content(
            "The provider does not accept this text as it is. Write it differently."
        ),
        Failure.text_too_long: _content(
            "The text is longer than the provider accepts (1600 characters; an emoji is two or "
            "more). Shorten it."
        ),
        Failure.too_many_parts: _content(
            "The text is longer than the provider accepts (1530 characters, or 660 if it holds an "
            "emoji or another special character). Shorten it, or send two."
        ),
        Failure.media_refused: _content(
            "The provider does not accept this picture. Send a smaller JPEG, PNG or GIF."
        ),
        Failure.media_not_possible: _content(
            "Pictures cannot be sent from our line to this number. Send the words alone."
        ),
        Failure.filtered: _content(
            "The carrier held the text to be spam. Write it differently, without short links."
        ),
        Failure.channel_refused: _recipient(
            "The consumer cannot be reached on this channel now. Reach them another way."
        ),
        Failure.expired: _content(
            "The text waited too long at the provider and was not sent. "
            "Send it again if it still matters."
        ),
        Failure.expired_on_the_way: _recipient(
            "The carrier could not deliver the text in time; the phone may be switched off. "
            "Send it again if it still matters."
        ),
        Failure.cancelled: _content("The text was cancelled at the provider. It was not sent."),
        Failure.rate_limited: _too_fast(
            "We sent too fast for the provider. It was not sent. Send it again later."
        ),
        Failure.queue_full: _too_fast(
            "The provider's queue for our line was full. It was not sent. Send it again later.",
            10 * MINUTES,
        ),
        Failure.congested: _later(
            "The carrier was congested. It was not delivered. Send it again later.", 5 * MINUTES
        ),
        Failure.carrier_unavailable: _later(
            "The consumer's carrier was not available. It was not delivered. Send it again later.",
            5 * MINUTES,
        ),
        Failure.daily_limit: _later(
            "Our line had sent all it may in a day. It was not delivered. Send it again tomorrow.",
            4 * HOURS,
        ),
        Failure.provider_unavailable: _later(
            "The provider was not available. It was not sent. Send it again later."
        ),
        Failure.provider_unreachable: _later(
            "The provider could not be reached. It was not sent. Send it again later."
        ),
        Failure.provider_failed: _later(
            "The provider failed. It was not sent. Send it again later.", MINUTES
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

UNNAMED = MappingProxyType(
    {
        401: Failure.account_refused,
        402: Failure.account_refused,
        403: Failure.access_refused,
        404: Failure.access_refused,
    }
)
"""What an HTTP status of an answer to a send means if no code says more."""

NOT_LET_IN = (Failure.account_refused, Failure.access_refused)

UNKNOWN = (
    "The text was not delivered. The provider calls the reason {code}, which is not known here. "
    "Send it once more; if that fails too, tell an administrator this number."
)


def failed(
    failure: Failure,
    provider_code: str | None = None,
    retry_after: float | None = None,
    told: str | None = None,
) -> SendError:
    """Return the error for a failure; the provider's `retry_after` takes precedence over ours.

    `told`: the provider's own words, kept as `domain.delivery.told` says.
    """
    verdict = VERDICTS[failure]
    is_unknown = failure is Failure.refused and provider_code is not None
    return SendError(
        code=failure,
        outcome=verdict.outcome,
        blame=verdict.blame,
        sentence=UNKNOWN.format(code=provider_code) if is_unknown else verdict.sentence,
        provider_code=provider_code,
        retry_after=verdict.retry_after if retry_after is None else retry_after,
        is_opt_out=verdict.is_opt_out,
        reach=verdict.reach,
        told=_kept(told),
    )


def _kept(told: str | None) -> str | None:
    """Return a provider's words as they are kept: one line, which PostgreSQL can store."""
    words = " ".join((told or "").replace("\0", "").split())
    storable = words.encode("utf-8", "replace").decode()
    return harmless(storable)[:LONGEST_TOLD] or None
