"""Takes out of an exchange with a provider what nobody may keep: secrets, texts, phone numbers.

What is kept is what machines say to each other: ids, codes, states, times, and a provider's own
explanations. A value that may be a person's words is replaced by its length. It does not know any
provider's names: a name decides only for what looks like neither.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import JsonValue

from domain.delivery.exchanges import LONGEST_KEPT
from domain.delivery.told import harmless
from domain.ids import is_uuid
from domain.numbers.shortened import shortened

LONGEST_READ = 64 * 1024
"""Characters of a body that is looked into; of a larger one only the size is kept. Ours: as much as
a webhook may have."""
LONGEST_MARKUP = 16 * 1024
"""The same for XML and HTML, which cost more. Ours."""
LONGEST_VALUE = 300
"""Characters of a single value. Ours: the longest explanations have about two hundred."""
LONGEST_OPAQUE = 80
"""Characters of an id or a code. Ours: longer ones are keys or encoded content."""
MOST_FIELDS = 500
SHORTEST_PART = 12
"""Characters of a hidden text from which it is also hidden inside of a longer value. Ours: shorter
ones, such as "1", are part of many ids."""
LONGEST_SEGMENT = 40
"""Characters of a part of a path. Ours: the longest ids have 36, and signatures of links 64."""
SHORTEST_KEY = 20
"""Characters from which a value of a query that looks like a key is hidden under any name. Ours."""
DEEPEST = 20
HIDDEN = "[hidden]"
OUR_MESSAGE_ID = "mid"

SECRETS = (
    *("password", "passwd", "secret", "token", "signature", "authorization", "credential"),
    *("apikey", "sharedkey", "privatekey", "publickey", "hmac"),
)
WHOLE_SECRETS = frozenset({"key", "sig", "auth", "pass", "pwd", "user", "username", "login"})
WORDS = frozenset(
    ("body", "text", "content", "data", "messagetext", "messagebody", "caption", "subject", "udh")
)
"""Names of values that are people's words whatever they look like."""
WORDY = ("text", "body", "content", "profilename")
"""Ends of such names, as in `ButtonText` and `hexEncodedText`."""
EXPLANATIONS = frozenset(
    (
        *("message", "title", "detail", "details", "description", "error", "errormessage"),
        *("errordescription", "reason", "h1", "statusmessage"),
    )
)
"""Names of values in which providers say what is wrong."""
TIMES = ("date", "time", "at", "timestamp")

TAG = re.compile(r"""<!\[CDATA\[.*?\]\]>|<!--.*?-->|<(?>[^<>"']|"[^"<]*"|'[^'<]*')*+>""", re.DOTALL)
TAG_NAME = re.compile(r"</?\??!?([\w:.-]+)")
ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
IS_URL = re.compile(r"https?://\S+", re.IGNORECASE)
KEY = re.compile(rf"(?=.*\d)(?=.*[A-Za-z])[\w+/=-]{{{SHORTEST_KEY},}}", re.ASCII)


def redacted_url(url: str) -> str:
    """Return the address of a request, with those values of its query that are harmless."""
    return _address(url, _in_query)


def _address(url: str, in_query: Callable[[str, str], str]) -> str:
    """Return an address without log-in, and without keys in its path."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return HIDDEN
    host = parts.netloc.rpartition("@")[2]
    shown = "&".join(f"{_name(name)}={in_query(name, value)}" for name, value in pairs)
    start = f"{parts.scheme}://{host}" if parts.scheme else host
    path = "/".join(
        one if len(one) <= LONGEST_SEGMENT else HIDDEN for one in unquote(parts.path).split("/")
    )
    return _storable(_cut(shortened(f"{start}{path}")) + (f"?{shown}" if shown else ""))


def redacted(body: str, content_type: str = "", hidden: Collection[str] = ()) -> str:
    """Return a body that may be kept, of at most `LONGEST_KEPT` characters.

    `hidden`: texts and secrets known to be in it. Of what cannot be read only the size is kept.
    """
    if not body:
        return ""
    shown = _size(body) if len(body) > LONGEST_READ else _of_kind(body, content_type, hidden)
    return _storable(shown if len(shown) <= LONGEST_KEPT else f"{shown[:LONGEST_KEPT]}…")


def redacted_answer(body: str, content_type: str = "", hidden: Collection[str] = ()) -> str:
    """Return an answer that may be kept. Plain words in it are an explanation."""
    is_plain = "plain" in content_type or not content_type
    if is_plain and body and body.lstrip()[:1] not in ("{", "[", "<"):
        return _storable(_leaf("message", body, hidden))
    return redacted(body, content_type, hidden)


def _of_kind(body: str, content_type: str, hidden: Collection[str]) -> str:
    start = body.lstrip()[:1]
    if start in ("{", "["):
        return _json(body, hidden)
    if start == "<":
        return _markup(body, hidden) if len(body) <= LONGEST_MARKUP else _size(body)
    if "form" in content_type or not content_type:
        return _form(body, hidden)
    return _size(body)


def _json(body: str, hidden: Collection[str]) -> str:
    try:
        return json.dumps(
            _value("", json.loads(body), hidden, DEEPEST), indent=1, ensure_ascii=False
        )
    except (ValueError, RecursionError):
        return _size(body)


def _value(name: str, value: JsonValue, hidden: Collection[str], depth: int) -> JsonValue:
    if depth == 0:
        return HIDDEN
    match value:
        case dict():
            items = list(value.items())[:MOST_FIELDS]
            return {_cut(shortened(key)): _value(key, one, hidden, depth - 1) for key, one in items}
        case list():
            return [_value(name, one, hidden, depth - 1) for one in value[:MOST_FIELDS]]
        case str():
            return _leaf(name, value, hidden)
        case bool() | None:
            return value
        case _:
            shown = _leaf(name, str(value), hidden)
            return value if shown == str(value) else shown


def _form(body: str, hidden: Collection[str]) -> str:
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return _size(body)
    if not pairs:
        return _size(body)
    return "\n".join(
        f"{_cut(shortened(name))}={_leaf(name, value, hidden)}" for name, value in pairs
    )


def _markup(body: str, hidden: Collection[str]) -> str:
    return "".join(_pieces(body, hidden))


def _pieces(body: str, hidden: Collection[str]) -> Iterator[str]:
    name, end = "", 0
    for tag in TAG.finditer(body):
        yield _between(name, body[end : tag.start()], hidden)
        end = tag.end()
        if tag[0].startswith("<!"):
            yield "[…]"
            continue
        yield _tag(tag[0], hidden)
        named = TAG_NAME.match(tag[0])
        name = named[1].rpartition(":")[2] if named and not tag[0].startswith("</") else ""
    yield _between(name, body[end:], hidden)


def _between(name: str, words: str, hidden: Collection[str]) -> str:
    if "<" in words:  # a tag that does not end
        return _size(words)
    return _leaf(name, words, hidden) if words.strip() else words[:1]


def _tag(tag: str, hidden: Collection[str]) -> str:
    """Return a tag, made again of its name and its attributes: nothing else in it is kept."""
    named = TAG_NAME.match(tag)
    values = ((found[1], found[2] or found[3] or "") for found in ATTRIBUTE.finditer(tag))
    shown = "".join(
        f' {name}="{_leaf(name.rpartition(":")[2], value, hidden)}"' for name, value in values
    )
    end = "/" if tag.endswith("/>") else ""
    return f"{named[0] if named else '<'}{shown}{end}>"


def _leaf(name: str, value: str, hidden: Collection[str]) -> str:
    """Return one value, or what stands in its place."""
    plain = name.lower().replace("_", "").replace("-", "")
    if _is_secret(plain) and value:
        return HIDDEN
    if plain in WORDS or plain.endswith(WORDY) or _is_known(value, hidden):
        return _size(value) if value else ""
    if IS_URL.fullmatch(value):
        return _address(value, _in_named_address)
    if value.lstrip()[:1] in ("<", "{") and len(value) > 1:
        return _of_kind(value, "", hidden) if len(value) <= LONGEST_MARKUP else _size(value)
    if plain in EXPLANATIONS:
        return _cut(harmless(value), LONGEST_VALUE)
    is_words = any(character.isspace() for character in value.strip())
    if (is_words and not plain.endswith(TIMES) and not plain.startswith(TIMES[:1])) or (
        len(value) > LONGEST_OPAQUE
    ):
        return _size(value)
    return shortened(value)


def _in_query(name: str, value: str) -> str:
    """Return one value of a request's query: our id of the text is kept, as other short ids are."""
    if name == OUR_MESSAGE_ID:
        return _cut(value)
    return HIDDEN if KEY.fullmatch(value) and not is_uuid(value) else _leaf(name, value, ())


def _in_named_address(name: str, value: str) -> str:
    """Return one value of the query of an address that is told: only our id of the text.

    Whoever knows such an address can use it, so that its query may be a key under any name.
    """
    return _cut(value) if name == OUR_MESSAGE_ID else HIDDEN


def _name(name: str) -> str:
    """Return the name of a value of a query; a query may also be a key alone."""
    return HIDDEN if len(name) > LONGEST_SEGMENT or KEY.fullmatch(name) else name


def _is_secret(plain: str) -> bool:
    return plain in WHOLE_SECRETS or any(word in plain for word in SECRETS)


def _is_known(value: str, hidden: Collection[str]) -> bool:
    return any(
        one and (one == value or (len(one) >= SHORTEST_PART and one in value)) for one in hidden
    )


def _cut(words: str, longest: int = LONGEST_VALUE) -> str:
    return words if len(words) <= longest else f"{words[:longest]}…"


def _size(words: str) -> str:
    return f"[{len(words)} characters]"


def _storable(words: str) -> str:
    """Return words that PostgreSQL can store: it takes no NUL and no half of a surrogate pair."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()
