"""Translates OpenMarket's codes into statuses and failures.

Versions 3 and 4 share one numbering, in answers, receipts and look-ups:
https://www.openmarket.com/docs/Content/apis/v4http/delivery-receipts.htm and
https://www.openmarket.com/docs/Content/apis/v3http/response-delivery-codes.htm
"""

from collections.abc import Mapping
from types import MappingProxyType

from domain.delivery.message_status import MessageStatus
from providers.contract import SendError
from providers.failures import UNNAMED, Failure, failed

LONGEST_CODE = 20
"""The most characters of a stored code. Ours: OpenMarket's have four at most."""
PARTIAL_FAILURE = "830"

# "You can treat code 0 and 4 as meaning that the message was successfully delivered": some carriers
# never say more than 0.
STATUSES: Mapping[int, MessageStatus] = MappingProxyType(
    {
        0: MessageStatus.delivered,
        1: MessageStatus.sending,
        2: MessageStatus.sending,
        3: MessageStatus.sent,
        4: MessageStatus.delivered,
        5: MessageStatus.sent,
        831: MessageStatus.sent,
        2013: MessageStatus.sending,
    }
)

# The codes of texts that consumers pay for (from 2010) are included, because a short code that is
# set up wrongly gets them.
_CODES: Mapping[Failure, tuple[int, ...]] = {
    Failure.invalid_recipient: (
        *(345, 349, 350, 351, 352, 364, 365, 373, 410, 411, 2015, 2023, 2024, 2035, 2054),
        *(3041, 3042, 4012, 4052),
    ),
    Failure.not_textable: (511, 513, 514, 568, 2021),
    Failure.no_route: (388, 398, 507, 2025, 2033, 2034, 2045),
    Failure.unreachable: (508, 569, 2028),
    Failure.blocked: (560, 564, 565, 566, 2022, 2029, 2030),
    Failure.not_delivered: (374, 400, 401, 509, 510, 512, 810, 2016, 2017, 2019, 4033),
    Failure.part_not_delivered: (830,),
    Failure.sender_refused: (
        *(342, 343, 344, 367, 368, 369, 370, 375, 562, 563, 2031, 2032, 2102),
    ),
    Failure.sender_not_registered: (571, 572, 2052, 2056),
    Failure.account_refused: (
        *(331, 399, 420, 430, 431, 432, 433, 434, 451, 460, 2001, 2002, 2003, 2101),
    ),
    Failure.request_refused: (
        *(301, 303, 304, 306, 307, 310, 311, 321, 322, 323, 330, 337, 338, 339, 340, 341, 356),
        *(357, 358, 359, 360, 361, 362, 363, 366, 371, 372, 382, 540, 800, 801, 802, 803, 1001),
        *(2044, 2046, 2047, 2048, 2051, 2100, 2122, 2126),
    ),
    Failure.billing_refused: (
        *(376, 377, 378, 461, 570, 2010, 2012, 2014, 2018, 2020, 2026, 2036, 2037, 2038, 2039),
        *(2040, 2041, 2042, 2043, 2049, 2050, 2053, 2104, 2120, 2121, 2123, 2124, 2125, 4000),
        *(4001, 4010, 4011, 4013, 4020, 4021, 4030, 4031, 4032, 4035, 4050, 4051, 4054, 4055),
    ),
    Failure.text_refused: (
        *(353, 354, 379, 380, 381, 383, 384, 385, 386, 387, 389, 390, 391, 392, 393, 394, 395),
        *(396, 397),
    ),
    Failure.text_too_long: (355,),
    Failure.filtered: (561, 607),
    Failure.expired_on_the_way: (811, 2011),
    Failure.carrier_unavailable: (581, 2027),
    Failure.provider_unavailable: (1010, 1020),
    Failure.no_answer: (1000, 1030),
    Failure.carrier_silent: (815,),
    Failure.status_gone: (711,),
}

FAILURES: Mapping[int, Failure] = MappingProxyType(
    {code: failure for failure, codes in _CODES.items() for code in codes}
)


def status_of(code: str) -> MessageStatus:
    """Return the status that a code of a receipt or a look-up means."""
    return STATUSES.get(_number(code), MessageStatus.undelivered)


def failure_of(code: str, told: str | None = None) -> SendError | None:
    """Return why a text did not arrive, by a code of a receipt or look-up; None if it may have."""
    if _number(code) in STATUSES:
        return None
    return failed(_failure(code, Failure.refused), code[:LONGEST_CODE], told=told)


def from_answer(
    status: int, code: str | None, retry_after: float | None, words: str | None = None
) -> SendError:
    """Return the error for an HTTP answer that names no ticket.

    `code`: None unless the body was OpenMarket's own error. A proxy's 5xx says nothing about the
    text. `words`: of OpenMarket's error.
    """
    known = None if code is None else FAILURES.get(_number(code))
    told = f"HTTP {status}" if code is None else code[:LONGEST_CODE]
    if status == 429:
        return failed(Failure.rate_limited, told, retry_after, words)
    if status >= 500 and known is Failure.provider_unavailable:
        return failed(known, told, retry_after, words)
    if status >= 500 or status == 408 or (status < 400 and known is None):
        return failed(Failure.no_answer, told, told=words)
    unnamed = UNNAMED.get(status, Failure.refused)
    return failed(known or unnamed, told, retry_after, words)


def _failure(code: str, otherwise: Failure) -> Failure:
    return FAILURES.get(_number(code), otherwise)


def _number(code: str) -> int:
    """Return a code as a number; -1, which is no code, for anything else."""
    is_number = len(code) <= LONGEST_CODE and code.isascii() and code.isdecimal()
    return int(code) if is_number else -1
