"""Reads what OpenMarket posts and answers, JSON or XML, in one form.

Names are compared without case and without XML namespaces, because OpenMarket's documentation and
its examples differ in both.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element as XmlElement

from defusedxml.ElementTree import ParseError, fromstring

from providers.contract import MOST_FIELDS

LARGEST = 64 * 1024
"""Bytes of a document. Ours: one text or one receipt has about a thousand."""
DEEPEST = 8
"""Levels of a document. Ours: OpenMarket's have four."""
LONGEST_NAME = 100
"""Characters of a name in the path to a value. Ours."""
CHARSETS = ("utf-8", "utf8", "us-ascii")
IN_HEADER = re.compile(r"charset\s{0,9}=\s{0,9}\"?([^\s;\"]+)", re.IGNORECASE)
IN_XML = re.compile(r"<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}[\"']([^\"']+)", re.IGNORECASE)
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
UNKNOWN = "\ufffd"

Pairs = tuple[tuple[str, object], ...]


class Unreadable(Exception):
    """The document is not one that OpenMarket would send."""


@dataclass(frozen=True)
class Element:
    """An XML element or JSON object. `values`: attributes and simple children. Lower-case names."""

    name: str
    values: Mapping[str, str]
    children: tuple["Element", ...] = ()

    def value(self, *names: str) -> str:
        """Return the first value with one of the names that is not blank; empty if none is."""
        return next((found for name in names if (found := self.values.get(name, "").strip())), "")

    def child(self, name: str) -> "Element":
        """Return its first child with the name; one without content if there is none."""
        return next((one for one in self.children if one.name == name), Element(name, {}))

    def walk(self) -> Iterator["Element"]:
        """Yield itself and everything in it, outer elements before inner ones."""
        level: list[Element] = [self]
        while level:
            yield from level
            level = [child for element in level for child in element.children]

    def flat(self) -> dict[str, str]:
        """Return the first values in it, each with the path to it."""
        found: dict[str, str] = {}
        for name, value in islice(self._paths(""), MOST_FIELDS):
            found.setdefault(name, value)
        return found

    def _paths(self, path: str) -> Iterator[tuple[str, str]]:
        for name, value in self.values.items():
            yield path + name[:LONGEST_NAME], value
        for child in self.children:
            yield from child._paths(f"{path}{child.name[:LONGEST_NAME]}.")


def read(body: bytes, content_type: str = "") -> Element:
    """Return a nameless element with what a body holds. Raises `Unreadable`."""
    if len(body) > LARGEST:
        raise Unreadable("The document is too large.")
    text = _decoded(body, content_type)
    if is_form(body):
        text = _xml_of_form(text)
    text = text.lstrip()
    if text[:1] in ("{", "["):
        return _of_json(text)
    if text[:1] == "<":
        return _of_xml(text)
    raise Unreadable("The document is neither JSON nor XML.")


def is_form(body: bytes) -> bool:
    """Say whether a body is a form with XML in it, as in version 3."""
    return body[:4] == b"xml="


def _decoded(body: bytes, content_type: str) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("The document is not UTF-8.") from error
    named = IN_HEADER.search(content_type) or IN_XML.match(text.lstrip())
    if named and named[1].lower() not in CHARSETS:
        raise Unreadable("The document's charset is not UTF-8.")
    return text


def _xml_of_form(text: str) -> str:
    try:
        pairs = parse_qsl(text, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Unreadable("The form is malformed.") from error
    return dict(pairs).get("xml", "")


def _of_json(text: str) -> Element:
    # Numbers stay as they are written: some are parts of ids.
    try:
        found: object = json.loads(
            text, object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable("The document is malformed JSON.") from error
    objects = tuple(_json_elements("", found, 0))
    if isinstance(found, tuple):
        return objects[0]
    return Element("", {}, tuple(child for one in objects for child in one.children))


def _json_elements(name: str, found: object, depth: int) -> Iterator[Element]:
    """Yield an element for each object in a JSON value."""
    if depth > DEEPEST:
        raise Unreadable("The document is nested too deeply.")
    if isinstance(found, list):
        for one in found:
            yield from _json_elements(name, one, depth + 1)
    elif isinstance(found, tuple):
        yield _json_element(name, found, depth)


def _json_element(name: str, pairs: Pairs, depth: int) -> Element:
    values: dict[str, str] = {}
    children: list[Element] = []
    for key, found in pairs:
        key = _storable(key).lower()
        if isinstance(found, str):
            values.setdefault(key, _storable(found))
        elif isinstance(found, bool):
            values.setdefault(key, str(found).lower())
        elif found is None:
            values.setdefault(key, "")
        else:
            children.extend(_json_elements(key, found, depth + 1))
    return Element(name, values, tuple(children))


def _of_xml(text: str) -> Element:
    try:
        root: XmlElement = fromstring(text, forbid_dtd=True)
    except (ParseError, ValueError) as error:  # defusedxml's refusals are ValueErrors
        raise Unreadable("The document is malformed XML.") from error
    return Element("", {}, (_xml_element(root, 0),))


def _xml_element(found: XmlElement, depth: int) -> Element:
    if depth > DEEPEST:
        raise Unreadable("The document is nested too deeply.")
    values = {_local(name): _storable(value) for name, value in found.attrib.items()}
    children: list[Element] = []
    for one in found:
        if not len(one) or _has_words(one):
            values.setdefault(_local(one.tag), _storable("".join(one.itertext())))
        if len(one) or one.attrib:
            children.append(_xml_element(one, depth + 1))
    return Element(_local(found.tag), values, tuple(children))


def _has_words(found: XmlElement) -> bool:
    """Say whether an element has words beside its children, such as a text with marks in it."""
    return any((words or "").strip() for words in (found.text, *(one.tail for one in found)))


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _storable(text: str) -> str:
    """Return a text without what PostgreSQL cannot store: NUL, and halves of surrogate pairs."""
    return LONE_SURROGATE.sub(UNKNOWN, text.replace("\0", ""))
