"""Language codes: which exist, what each falls back to, and how pages name them."""

import re

from domain.errors import Invalid

DEFAULT = "en"
SUPPORTED = ("en", "de", "fr", "es", "pt", "it")
"""Languages in which the product has a text for every automatic message."""

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
"""Each language's own name: the six supported languages, then others that consumers may write."""

CODE = re.compile(r"[a-z]{2}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""A language with an optional script and region: `pt`, `pt-BR`, `zh-Hant`, `es-419`."""


def check_language(code: str) -> None:
    """Raise `Invalid` unless `code` is an ISO 639-1 code with an optional script and region."""
    if not CODE.fullmatch(code) or _general(code) not in CODES:
        raise Invalid(f"{code!r} is not a language code such as en, pt-BR or zh-Hant.")


def stand_ins(code: str) -> tuple[str, ...]:
    """Return a code and its fallbacks, best first: `zh-Hant-TW`, `zh-Hant`, `zh`."""
    parts = code.split("-")
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1))


def is_same_language(one: str, other: str) -> bool:
    """Say whether two codes name the same language, whatever their script and region."""
    return _general(one) == _general(other)


def is_supported(code: str) -> bool:
    """Say whether the product has texts of its own in a language."""
    return _general(code) in SUPPORTED


def nearest(*codes: str) -> str:
    """Return the supported language of the first code that has one, else English."""
    return next((_general(code) for code in codes if is_supported(code)), DEFAULT)


def name_of(code: str) -> str:
    """Return a language's own name with script and region, or its code if no name is known."""
    name = NAMES.get(_general(code))
    if name is None:
        return code
    more = code.partition("-")[2]
    return f"{name} ({more})" if more else name


def _general(code: str) -> str:
    return code.partition("-")[0]
