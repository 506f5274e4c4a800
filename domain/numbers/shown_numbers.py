"""Numbers as people read them."""

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat


@lru_cache(maxsize=5_000)  # ours: those who write just now, again and again
def shown_number(address: str) -> str:
    """Return a number in groups, such as `+1 555 020 0004`; short codes and names as they are."""
    if not address.startswith("+"):
        return address
    try:
        parsed = phonenumbers.parse(address, None)
    except phonenumbers.NumberParseException:
        return address
    shown = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    return shown.replace("-", " ")
