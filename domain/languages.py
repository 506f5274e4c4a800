"""Languages: which codes there are, what stands in for one, and how pages name it."""

import re

from domain.errors import Invalid

DEFAULT = "en"
SUPPORTED = ("en", "de", "fr", "es", "pt", "it")
"""Those in which every automatic message has a text of the product's own."""

_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
    "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
CODES = frozenset(_CODES.split())
"""ISO 639-1."""

NAMES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "it": "Italiano",
    "ar": "العربية",
    "bg": "Български",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "el": "Ελληνικά",
    "et": "Eesti",
    "fi": "Suomi",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "nb": "Norsk bokmål",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sr": "Српски",
    "sv": "Svenska",
    "tl": "Tagalog",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
"""Languages in their own words: the six first, then others that consumers are likely to write."""

CODE = re.compile(r"[a-z]{2}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""A language, its script where it has several, its region: `pt`, `pt-BR`, `zh-Hant`, `es-419`."""


def check_language(code: str) -> None:
    """Raise `Invalid` unless it is an ISO 639-1 code, with script and region or without."""
    if not CODE.fullmatch(code) or _general(code) not in CODES:
        raise Invalid(f"{code!r} is not a language code such as en, pt-BR or zh-Hant.")


def stand_ins(code: str) -> tuple[str, ...]:
    """Return a language and what it falls back to, best first: `zh-Hant-TW`, `zh-Hant`, `zh`."""
    parts = code.split("-")
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1))


def is_same_language(one: str, other: str) -> bool:
    """Say whether two codes differ by no more than script and region."""
    return _general(one) == _general(other)


def is_supported(code: str) -> bool:
    """Say whether every automatic message has a text of the product's own in a language."""
    return _general(code) in SUPPORTED


def nearest(*codes: str) -> str:
    """Return the supported language for the first of these that has one, else English."""
    return next((_general(code) for code in codes if is_supported(code)), DEFAULT)


def name_of(code: str) -> str:
    """Return a language's name in itself, with its script and region; its code without a name."""
    name = NAMES.get(_general(code))
    if name is None:
        return code
    more = code.partition("-")[2]
    return f"{name} ({more})" if more else name


def _general(code: str) -> str:
    return code.partition("-")[0]
