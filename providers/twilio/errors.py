"""Twilio's error codes in our words. https://www.twilio.com/docs/api/errors"""

from collections.abc import Mapping
from types import MappingProxyType

from providers.contract import SendError
from providers.twilio.failures import Failure, failed

_CODES: Mapping[Failure, tuple[int, ...]] = {
    Failure.invalid_recipient: (21201, 21211, 21217, 21421, 21604, 30005),
    Failure.not_textable: (21612, 21614, 21635, 30006),
    Failure.opted_out: (21610,),
    Failure.unreachable: (30003,),
    Failure.blocked: (30004,),
    Failure.not_delivered: (30008, 63023),
    Failure.region_not_enabled: (21408,),
    Failure.sender_refused: (
        *(21212, 21603, 21606, 21607, 21608, 21616, 21622, 21659, 21660, 21661),
        *(21701, 21702, 21703, 21704, 21705, 21712),
    ),
    Failure.sender_not_registered: (30018, 30024, 30032, 30033, 30034, 30035),
    Failure.account_refused: (20001, 20003, 20004, 20404, 30002),
    Failure.callback_refused: (21609,),
    Failure.reply_loop: (14107,),
    Failure.text_refused: (
        *(21602, 21605, 21618, 21619, 21652, 21653, 21654, 21655, 21656, 30013),
        *(35114, 35115, 35116, 35117, 35118),
    ),
    Failure.text_too_long: (21617,),
    Failure.media_refused: (21620, 21623, 30012, 30019),
    Failure.filtered: (30007, 30450, 63013, 63026),
    Failure.channel_refused: (63003, 63015, 63016, 63024, 63032, 63033),
    Failure.expired: (30036,),
    Failure.rate_limited: (429, 20429),
    Failure.queue_full: (21611, 30001),
    Failure.congested: (30017, 30022, 63009, 63012, 63017, 63018),
    Failure.daily_limit: (30023, 30027),
    Failure.provider_unavailable: (20503,),
    Failure.provider_failed: (30500,),
    Failure.no_answer: (20500, 30410),
}

FAILURES: Mapping[int, Failure] = MappingProxyType(
    {code: failure for failure, codes in _CODES.items() for code in codes}
)


def from_callback(error_code: str | None) -> SendError:
    """Return why a text failed, from a delivery callback's `ErrorCode`."""
    return failed(_failure(error_code, Failure.refused), error_code)


def from_answer(status: int, error_code: int | None, retry_after: float | None) -> SendError:
    """Return why a create was not answered with 201.

    `error_code` is None unless the body was Twilio's own error, which decides whether a 503 is
    Twilio's promise that nothing was done or any proxy's guess.
    """
    code = str(error_code) if error_code is not None else None
    if status == 429:
        return failed(Failure.rate_limited, code or "429", retry_after)
    if status == 503 and error_code is not None:
        return failed(Failure.provider_unavailable, code, retry_after)
    if status >= 500 or status < 400 or status == 408:
        return failed(Failure.no_answer, code or str(status))
    unnamed = Failure.account_refused if status in (401, 403, 404) else Failure.refused
    return failed(_failure(code, unnamed), code or str(status), retry_after)


def _failure(error_code: str | None, otherwise: Failure) -> Failure:
    if error_code is None or not error_code.isdecimal():
        return otherwise
    return FAILURES.get(int(error_code), otherwise)
