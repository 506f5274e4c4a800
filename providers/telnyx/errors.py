"""Translates Telnyx's error codes into our failures.

https://developers.telnyx.com/docs/messaging/messages/error-codes and
https://support.telnyx.com/en/articles/6505121-telnyx-messaging-error-codes
"""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel

from providers.contract import SendError
from providers.failures import UNNAMED, Failure, failed

LONGEST_CODE = 20
"""The most characters of a stored code. Ours: Telnyx's have five."""
BLOCKED = "40300"

_CODES: Mapping[Failure, tuple[int, ...]] = {
    Failure.invalid_recipient: (10001, 10002, 10016, 40012, 40310),
    Failure.not_textable: (40001, 40301, 40319),
    Failure.opted_out: (int(BLOCKED),),
    Failure.not_delivered: (40004, 40008),
    Failure.region_not_enabled: (40309,),
    Failure.sender_refused: (*(40003, 40013, 40100, 40151, 40305, 40306, 40315, 40320, 40321),),
    Failure.sender_not_registered: (40010, 40150, 40329),
    Failure.account_refused: (
        *(10009, 10010, 20002, 20006, 20012, 20013, 20014, 20015, 20016, 20017, 20100),
        *(40311, 40312, 40313, 40314),
    ),
    Failure.trial_account: (10039,),
    Failure.request_refused: (
        *(10004, 10005, 10006, 10012, 10013, 10014, 10015, 10017, 10020, 10022, 10023, 40304),
    ),
    Failure.callback_refused: (10003,),
    Failure.reply_loop: (40007,),
    Failure.text_refused: (40009, 40316),
    Failure.too_many_parts: (40302, 40328),
    Failure.media_refused: (40317,),
    Failure.media_not_possible: (40308,),
    Failure.filtered: (40002, 40015, 40017, 40322),
    Failure.expired: (40014,),
    Failure.expired_on_the_way: (40005,),
    Failure.rate_limited: (10011,),
    Failure.queue_full: (40318,),
    Failure.congested: (40011, 40018),
    Failure.carrier_unavailable: (40006,),
    Failure.daily_limit: (40016,),
    Failure.provider_failed: (10007, 10008),
}

FAILURES: Mapping[str, Failure] = MappingProxyType(
    {str(code): failure for failure, codes in _CODES.items() for code in codes}
)


class Problem(BaseModel):
    """One of Telnyx's errors, in an answer or in a report."""

    code: str | int
    title: str | None = None
    detail: str | None = None

    @property
    def told(self) -> str | None:
        """Its words: the title, and the detail if that says more."""
        words = [self.title, self.detail if self.detail != self.title else None]
        return ": ".join(filter(None, words)) or None

    @property
    def short_code(self) -> str:
        return str(self.code).strip()[:LONGEST_CODE]


def from_report(problem: Problem | None) -> SendError:
    """Return why a text failed, from the first error of a report or of a message."""
    if problem is None:
        return failed(Failure.refused)
    return failed(_failure(problem, Failure.refused), problem.short_code, told=problem.told)


def from_answer(status: int, problem: Problem | None, retry_after: float | None) -> SendError:
    """Return the error for an answer other than a success to a send.

    `problem`: None unless the body was Telnyx's own. Telnyx promises for no 5xx that nothing was
    done.
    """
    code = f"HTTP {status}" if problem is None else problem.short_code
    told = None if problem is None else problem.told
    if status == 429:
        return failed(Failure.rate_limited, code, retry_after, told)
    if status >= 500 or status < 400 or status == 408:
        return failed(Failure.no_answer, code, told=told)
    unnamed = UNNAMED.get(status, Failure.refused)
    if problem is None:
        return failed(unnamed, code, retry_after)
    return failed(_failure(problem, unnamed), code, retry_after, told)


def _failure(problem: Problem, otherwise: Failure) -> Failure:
    """Return the failure. Carriers' reports also use the code for STOP for other blocks."""
    is_titled = problem.title is not None
    if problem.short_code == BLOCKED and is_titled and "stop" not in str(problem.title).lower():
        return Failure.refused
    return FAILURES.get(problem.short_code, otherwise)
