"""Writes a consumer's text as OpenMarket posts it: JSON or XML of version 4, or version 3.

The fragment of a line's webhook address chooses: `#format=json` (or `xml`, `v3`), `reference=8` (or
`16`) bits, and the `charset` of hexadecimal content, `utf-8` (or `utf-16-be`).
"""

import json
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, urldefrag, urlencode

from simulator.lines import Line

VERSION_3 = "v3"
CHARSETS = ("utf-8", "utf-16-be")


@dataclass(frozen=True)
class Form:
    """How a line's texts are written."""

    format: str = "json"
    has_16_bits: bool = False
    charset: str = "utf-8"


@dataclass(frozen=True)
class Content:
    """The content of a text or of a part. `header`: the part's user data header."""

    ticket: str
    sender: str
    text: str
    submitted_at: str
    header: bytes = b""

    @property
    def is_hexadecimal(self) -> bool:
        """Parts and texts with control characters are."""
        return bool(self.header) or any(character < " " for character in self.text)

    def hexadecimal(self, charset: str) -> str:
        return (self.header + self.text.encode(charset)).hex()


def form_of(line: Line) -> Form:
    """Return the form that the address of a line's webhook asks for."""
    asked = {name: values[0] for name, values in parse_qs(urldefrag(line.webhook_url)[1]).items()}
    charset = asked.get("charset", "")
    return Form(
        format=asked.get("format", "json"),
        has_16_bits=asked.get("reference") == "16",
        charset=charset if charset in CHARSETS else "utf-8",
    )


def written(content: Content, line: Line, account_id: str) -> bytes:
    """Return the body of the webhook for a text."""
    form = form_of(line)
    if form.format == VERSION_3:
        return _version_3(content, line, form, account_id)
    text = content.hexadecimal(form.charset) if content.is_hexadecimal else content.text
    kind = "hexEncodedText" if content.is_hexadecimal else "text"
    if form.format == "xml":
        return _xml(content, line, kind, text)
    return _json(content, line, kind, text)


def _json(content: Content, line: Line, kind: str, text: str) -> bytes:
    document = {
        "submittedDate": content.submitted_at,
        "ticketId": content.ticket,
        "source": {"ton": 1, "address": content.sender.removeprefix("+"), "mobileOperatorId": 383},
        "destination": {"ton": ton_of(line), "address": line.number.removeprefix("+")},
        "message": {"type": kind, "content": text, "udh": bool(content.header)},
    }
    return json.dumps({"mobileOriginate": document}).encode()


def _xml(content: Content, line: Line, kind: str, text: str) -> bytes:
    source, destination = content.sender.removeprefix("+"), line.number.removeprefix("+")
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<mobileOriginate submittedDate="{content.submitted_at}" ticketId="{content.ticket}" '
        'xmlns="http://sms.openmarket.com/v4/mo">\n'
        f'  <source ton="1" address="{source}" mobileOperatorId="383"/>\n'
        f'  <destination ton="{ton_of(line)}" address="{destination}"/>\n'
        f'  <message udh="{str(bool(content.header)).lower()}" type="{kind}">\n'
        f"    <content>{escape(text)}</content>\n  </message>\n</mobileOriginate>\n"
    ).encode()


def _version_3(content: Content, line: Line, form: Form, account_id: str) -> bytes:
    coding = "ucs2" if form.charset == "utf-16-be" else "7bit"
    document = (
        '<?xml version="1.0" ?>\n<request version="3.0" protocol="wmp" type="deliver">'
        f'<account id="{escape(account_id)}"/>'
        f'<destination ton="{ton_of(line)}" address="{line.number.removeprefix("+")}"/>'
        f'<source carrier="383" ton="0" address="{content.sender}"/>'
        f'<option datacoding="{coding}" />'
        f'<message udhi="{str(bool(content.header)).lower()}" '
        f'data="{content.hexadecimal(form.charset)}"/><ticket id="{content.ticket}"/></request>'
    )
    return urlencode({"xml": document}).encode()


def ton_of(line: Line) -> int:
    """Return the type of a line's number: 1 international, 3 short code."""
    return 1 if line.number.startswith("+") else 3
