"""Which numbers receive texts, by their numbering plans."""

import phonenumbers
from phonenumbers import PhoneNumberType

from domain.numbers.phone_numbers import is_toll_free

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


def is_textable(number: str) -> bool:
    """Say whether an E.164 number may receive texts: no landline, toll-free number or the like."""
    if is_toll_free(number):
        return False
    return phonenumbers.number_type(phonenumbers.parse(number, None)) in TEXTABLE
