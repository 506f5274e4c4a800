"""Translates Twilio's error codes into our failures. https://www.twilio.com/docs/api/errors"""

from collections.abc import Mapping
from types import MappingProxyType

from providers.contract import SendError
from providers.failures import UNNAMED, Failure, failed

LONGEST_CODE = 20
"""The most characters of a stored code. Ours: Twilio's have five."""

# Codes of channels other than SMS are included, because a messaging service may choose one.
_CODES: Mapping[Failure, tuple[int, ...]] = {
    Failure.invalid_recipient: (
        *(21201, 21202, 21211, 21217, 21265, 21266, 21268, 21401, 21421, 21604),
        *(30005, 30014, 63031),
    ),
    Failure.not_textable: (21214, 21407, 21614, 21635, 30006),
    Failure.no_route: (21612,),
    Failure.opted_out: (21610,),
    Failure.unreachable: (30003,),
    Failure.blocked: (30004, 63014),
    Failure.not_delivered: (30008, 30453, 30485, 63023, 63049),
    Failure.region_not_enabled: (21203, 21215, 21408, 60220),
    Failure.sender_refused: (
        *(21210, 21212, 21213, 21601, 21603, 21606, 21607, 21616, 21659, 21660, 21661),
        *(21701, 21702, 21703, 21704, 21705, 21706, 21707, 21708, 21709, 21710, 21711, 21712),
        *(21713, 21714, 21715, 30042, 63001, 63002, 63007, 63008, 63020, 63022, 63035),
    ),
    Failure.sender_not_registered: (
        *(21716, 21717, 21718, 21719, 21720, 21721, 21722, 21723, 21724, 21725, 21726, 21727),
        *(21728, 21729, 30018, 30024, 30032, 30033, 30034, 30035, 30040, 30041, 30043, 30125),
        *(21900, 21901),
    ),
    Failure.account_refused: (
        *(10001, 20003, 20005, 20006, 20008, 20010, 20101, 20102, 20103, 20104, 20105, 20106),
        *(20107, 20151, 20152, 20153, 20154, 20155, 20156, 20157, 20159, 20160, 20403, 20404),
        *(21471, 21472, 30002, 30037, 90010),
    ),
    Failure.trial_account: (10002, 14111, 21219, 21267, 21404, 21608, 30044),
    Failure.request_refused: (
        *(20001, 20002, 20004, 20012, 20161, 20413, 20422, 20423, 20426, 21218, 21420, 21624),
        *(21625, 21626, 21627, 30010, 30012, 30013, 30028, 30029, 30030, 30031, 63011),
        *(35111, 35112, 35113, 35114, 35115, 35116, 35117, 35118, 35119, 35121, 35125, 35126),
    ),
    Failure.callback_refused: (21502, 21609),
    Failure.reply_loop: (14107, 14109, 30039),
    Failure.text_refused: (
        *(21602, 21605, 21618, 21619, 21652, 21653, 21654, 21655, 21656),
        *(63005, 63006, 63021, 63027, 63028, 63029, 63030, 63040, 63041, 63042),
    ),
    Failure.text_too_long: (21617,),
    Failure.media_refused: (11751, 12300, 21620, 21623, 21628, 30019, 63019, 63025, 63034),
    Failure.media_not_possible: (21621, 21622, 30011),
    Failure.filtered: (30007, 30038, 30450, 63013, 63026),
    Failure.channel_refused: (
        *(21910, 30015, 30016, 63003, 63015, 63016, 63024, 63032, 63033, 63036),
    ),
    Failure.expired: (30036,),
    Failure.rate_limited: (429, 20429),
    Failure.queue_full: (21611, 30001),
    Failure.congested: (30017, 30022, 63009, 63012, 63017, 63018),
    Failure.daily_limit: (30023, 30027, 30454, 63038),
    Failure.provider_unavailable: (20503, 21730),
    Failure.provider_failed: (30020, 30021, 30500, 63010),
    Failure.no_answer: (20500, 20504),
    Failure.carrier_silent: (30410,),
}

FAILURES: Mapping[int, Failure] = MappingProxyType(
    {code: failure for failure, codes in _CODES.items() for code in codes}
)


def from_callback(error_code: str | None, told: str | None = None) -> SendError:
    """Return why a text failed, from the `ErrorCode` of a delivery callback or a message.

    `told`: Twilio's words, if there are any.
    """
    code = (error_code or "").strip()[:LONGEST_CODE]
    if code in ("", "0"):  # no code: 0 is how some of Twilio's lists write it
        return failed(Failure.refused, told=told)
    return failed(_failure(code, Failure.refused), code, told=told)


def from_answer(
    status: int, error_code: int | None, retry_after: float | None, told: str | None = None
) -> SendError:
    """Return the error for an answer other than 201 to a create.

    `error_code`: None unless the body was Twilio's own error. A 503 of Twilio's promises that
    nothing was done, while a proxy's 503 promises nothing. `told`: the words of Twilio's error.
    """
    code = f"HTTP {status}" if error_code is None else str(error_code)
    if status == 429:
        return failed(Failure.rate_limited, code, retry_after, told)
    if status == 503 and error_code is not None:
        return failed(Failure.provider_unavailable, code, retry_after, told)
    if status >= 500 or status < 400 or status == 408:
        return failed(Failure.no_answer, code, told=told)
    unnamed = UNNAMED.get(status, Failure.refused)
    return failed(_failure(code, unnamed), code, retry_after, told)


def _failure(code: str, otherwise: Failure) -> Failure:
    is_number = code.isascii() and code.isdecimal()
    return FAILURES.get(int(code), otherwise) if is_number else otherwise
