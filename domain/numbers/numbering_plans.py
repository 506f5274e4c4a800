"""Numbers with two spellings for one phone, and which spelling the phone is known by.

Countries lengthen their numbers or drop a digit, and providers, address books and imports keep
writing the old spelling for years. Other phones are reached under two country codes. Each row of
the table is one such pair. Anything else (a trunk zero, brackets, Italy's leading zero) is left to
libphonenumber, which reads the number first.

The table covers phones that can text. Landlines are left out, unless their numbers cannot be told
from mobiles.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Respelling:
    """Two spellings of one phone: `head old rest` and `head new rest`, after the plus sign.

    `head` and `rest` are patterns; `old` and `new` are digits. `both_in_use`: the old spelling
    still reaches the phone. `is_dialled`: people dial the old spelling, and no provider writes it.
    """

    head: str
    old: str
    new: str
    rest: str
    both_in_use: bool = False
    is_dialled: bool = False

    @cached_property
    def old_pattern(self) -> re.Pattern[str]:
        return re.compile(rf"\+({self.head}){self.old}({self.rest})", re.ASCII)

    @cached_property
    def _new(self) -> re.Pattern[str]:
        return re.compile(rf"\+({self.head}){self.new}({self.rest})", re.ASCII)

    def new_spelling(self, number: str) -> str | None:
        """Return the new spelling of a number in the old one; None: it is not in the old one."""
        found = self.old_pattern.fullmatch(number)
        return f"+{found[1]}{self.new}{found[2]}" if found else None

    def old_spelling(self, number: str) -> str | None:
        """Return the old spelling of a number in the new one; None: it is not in the new one."""
        found = self._new.fullmatch(number)
        return f"+{found[1]}{self.old}{found[2]}" if found else None


SIX, SEVEN = r"\d{6}", r"\d{7}"
VIETNAM = {
    **{"120": "70", "121": "79", "122": "77", "126": "76", "128": "78"},  # MobiFone
    **{"123": "83", "124": "84", "125": "85", "127": "81", "129": "82"},  # Vinaphone
    **{f"16{digit}": f"3{digit}" for digit in range(2, 10)},  # Viettel
    **{"186": "56", "188": "58", "199": "59"},  # Vietnamobile, Gmobile
}
GABON = {"2": "62", "4": "74", "5": "65", "6": "66", "7": "77"}

RESPELLINGS = (
    # Mexico: since 2019-08-03 mobiles have no 1 before them, and no prefix for domestic calls.
    # https://www.twilio.com/en-us/guidelines/mx/sms
    Respelling("52", "1", "", r"[2-9]\d{9}"),
    *(Respelling("52", old, "", r"[2-9]\d{9}", is_dialled=True) for old in ("01", "044", "045")),
    # Argentina: a mobile called from abroad has a 9 before its ten digits. Without the 9 the number
    # looks like a landline, and libphonenumber accepts both spellings. They are one key here: the
    # national plan gives each block of ten-digit numbers to one service, so both name the same
    # subscriber, and a landline can neither send nor receive texts. As two keys, a consumer who
    # texted STOP under one spelling could be texted under the other.
    Respelling("54", "", "9", r"(?:11|[23]\d)\d{8}", both_in_use=True),
    # Brazil: from 2012 to 2016, area by area, a 9 before its mobiles, which began with 6 to 9.
    # Landlines begin with 2 to 5. Nextel's radios, which kept eight digits beginning with 7, ended
    # in 2018. ITU Operational Bulletin, communication of Anatel, 6.II.2013.
    Respelling("55[1-9][1-9]", "", "9", r"[6-9]\d{7}"),
    # Ivory Coast: since 2021-01-31 two digits of the operator before the eight. The second of the
    # eight tells a mobile's operator. https://newsgeek.ci/2020/07/28/
    Respelling("225", "", "01", r"[04-9][0-3]\d{6}"),
    Respelling("225", "", "05", r"[04-9][4-6]\d{6}"),
    Respelling("225", "", "07", r"[04-9][7-9]\d{6}"),
    # Benin: since 2024-11-30 01 before all eight digits.
    # https://fr.allafrica.com/stories/202411300249.html
    Respelling("229", "", "01", r"[2-9]\d{7}"),
    # Cameroon: since 2014-11-21 a 6 before mobiles, 2 before landlines.
    # https://guardianpostonline.blogspot.com/2014/09/telephone-numbers-to-move-from-8-to-9.html
    Respelling("237", "", "6", r"[5-79]\d{7}"),
    # Gabon: since 2019-11-15 a 6 or 7, by operator, where mobiles had a 0 that some left out.
    # https://www.rfi.fr/afrique/20191115-changement-numerotation-telephonique-gabon
    *(Respelling("241", f"0{old}", new, SIX) for old, new in GABON.items()),
    *(Respelling("241", old, new, SIX) for old, new in GABON.items()),
    # Vietnam: since 2018-09-15 mobiles of eleven digits have ten.
    # https://sggpnews.org.vn/science_technology/mobile-phone-numbers-conversion-to-affect-60-million-subscribers-nationwide-76279.html
    *(Respelling("84", old, new, SEVEN) for old, new in VIETNAM.items()),
    # Palestinian mobiles are reached under Israel's code too.
    # https://github.com/google/libphonenumber/issues/1134
    Respelling("", "972", "970", r"5[69]\d{7}", both_in_use=True),
    # Mobiles of France overseas, as they are written in France: each code has its own blocks of 06.
    # According to libphonenumber's metadata, none of these is in use under France's own code.
    Respelling("", "33", "590", r"69[01]\d{6}"),
    Respelling("", "33", "594", r"694\d{6}"),
    Respelling("", "33", "596", r"69[67]\d{6}"),
    Respelling("", "33", "262", r"(?:69[23]|639)\d{6}"),
)
# One look is enough for the many numbers of one spelling: an import reads a hundred thousand.
ANY_OLD = re.compile("|".join(one.old_pattern.pattern for one in RESPELLINGS), re.ASCII)


def renewed(number: str) -> str:
    """Return an E.164 number in today's spelling, the one its phone is known by."""
    found = _respelt(number)
    return found[1] if found else number


def is_written_so(number: str) -> bool:
    """Say whether an E.164 number, in this spelling, reaches its phone today."""
    found = _respelt(number)
    return found is None or found[0].both_in_use


def spellings(number: str) -> tuple[str, ...]:
    """Return every spelling that a provider may write for this phone, today's first.

    >>> spellings("+5215512345678")
    ('+525512345678', '+5215512345678')
    """
    return tuple(dict.fromkeys(_spellings(renewed(number))))


def _spellings(number: str) -> Iterator[str]:
    yield number
    for respelling in RESPELLINGS:
        if not respelling.is_dialled and (old := respelling.old_spelling(number)):
            yield old


def _respelt(number: str) -> tuple[Respelling, str] | None:
    if not ANY_OLD.fullmatch(number):
        return None
    for respelling in RESPELLINGS:
        if new := respelling.new_spelling(number):
            return respelling, new
    return None
