"""Who can be texted: judged by the number a call comes from."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from domain.calls.kinds import WhyNot
from domain.errors import NumberInvalid
from domain.numbers.phone_numbers import Address, is_toll_free, phone_of

HIDDEN = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""Words spelled on a keypad in place of a withheld number: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN
and UNAVAILABLE. https://help.twilio.com/articles/223179988
"""
TEXTABLE = frozenset(
    {
        PhoneNumberType.MOBILE,
        # North American numbers do not say which they are.
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.PERSONAL_NUMBER,
        # Ranges too new for our table, and numbers that are used in tests.
        PhoneNumberType.UNKNOWN,
    }
)


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


def is_textable(number: str) -> bool:
    """Say whether an E.164 number may receive texts, by its numbering plan."""
    if is_toll_free(number):
        return False
    return phonenumbers.number_type(phonenumbers.parse(number, None)) in TEXTABLE
