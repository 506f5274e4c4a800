"""Who can be texted: judged by the number a call comes from."""

from dataclasses import dataclass

from domain.calls.kinds import WhyNot
from domain.errors import NumberInvalid
from domain.numbers.phone_numbers import Address, phone_of
from domain.numbers.textable import is_textable

HIDDEN = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""Words spelled on a keypad in place of a withheld number: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN
and UNAVAILABLE. https://help.twilio.com/articles/223179988
"""


@dataclass(frozen=True)
class Caller:
    """The number of a call. `phone`: None if there is none. `why_not`: why it gets no texts."""

    phone: Address | None
    why_not: WhyNot | None


def caller_of(written: str) -> Caller:
    """Return the caller that a phone system names: a number, `anonymous`, `client:` or `sip:`."""
    number = written.strip()
    if not number.startswith("+") or number in HIDDEN:
        return Caller(None, WhyNot.hidden)
    try:
        phone = phone_of(number)
    except NumberInvalid:
        return Caller(None, WhyNot.hidden)
    return Caller(phone, None if is_textable(phone.key) else WhyNot.landline)
