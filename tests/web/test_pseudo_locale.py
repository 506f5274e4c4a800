"""No sentence is missed: a walk over all pages in a language whose words all stand in brackets."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from babel.dates import get_day_names
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from api.reading import LANGUAGE
from tests.api.conftest import Office
from tests.web.conftest import PAGE, Browsing
from translations import catalogue, reader

PSEUDO = "eo"
"""A language that we do not write and that Babel knows."""
OURS = ("Switchboard", "English", "Deutsch", "Esperanto", "GSM-7")
THEIRS = (
    *("Ada", "Ann", "Ben", "Mia", "Shop", "News", "Bye", "Refund", "Hotline", "Robo", "Ad"),
    *("Support line", "Twilio"),
)
"""What people of the brand named their things, in the titles of pages."""
DAYS = tuple(get_day_names(locale="eo").values())
PEOPLES = {"bdi", "code", "q", "time", "textarea", "script", "style", "kbd"}
"""Elements whose words are those of people, programs and clocks."""
SHOWN = ("aria-label", "title", "placeholder", "alt")
MOST = 3
"""How often a page is looked at, with other queries."""
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "circle"}


def bracketed(english: str) -> str:
    return f"⟦{english}⟧"


@pytest.fixture
def pseudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Offer a language in which each sentence of the catalogues stands in brackets."""
    for path in (catalogue.LOCALE / "de").glob("*.po"):
        with path.open("rb") as file:
            english = read_po(file, locale="de")
        made = Catalog(locale=PSEUDO)
        for one in english:
            if isinstance(one.id, str):
                made.add(one.id, bracketed(one.id)) if one.id else None
            else:
                made.add(one.id, tuple(bracketed(each) for each in one.id))
        (tmp_path / PSEUDO).mkdir(exist_ok=True)
        with (tmp_path / PSEUDO / path.name).open("wb") as file:
            write_po(file, made)
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setitem(reader.LANGUAGES, PSEUDO, "Esperanto")
    yield
    for cached in (catalogue.catalogue, catalogue.patterns):
        cached.cache_clear()


class Bare(HTMLParser):
    """Collects words of a page that no bracket surrounds and that are not people's."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[str] = []
        self.links: set[str] = set()
        self._open: list[tuple[str, bool]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_peoples = tag in PEOPLES or given.get("dir") == "auto" or "lang" in given
        for name in SHOWN:
            if given.get(name) and not (is_peoples and name in ("placeholder", "title")):
                self._say(given[name], f"{name} ")
        if tag == "a":
            self.links.add(given.get("href", ""))
        if tag not in VOID:
            inside = bool(self._open) and self._open[-1][1]
            is_page = tag == "html"
            self._open.append((tag, (inside or is_peoples) and not is_page))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]):
            self._say(data, "")
        else:
            self._depth += data.count("⟦") - data.count("⟧")

    def _say(self, words: str, where: str) -> None:
        outside = ""
        for character in words:
            self._depth += character == "⟦"
            outside += character if not self._depth else ""
            self._depth -= character == "⟧"
        told = re.sub(
            rf"\b({'|'.join((*OURS, *THEIRS, *DAYS, 'Support', 'Sales'))})\b", "", outside
        )
        if re.search(r"[A-Za-z]{2}", told):
            self.bare.append(f"{where}{outside.strip()}")


async def furnished(ada: httpx2.AsyncClient, office: Office) -> None:
    """Make one of everything that has a page."""
    line, skill = office.brand.line_id, office.brand.sales
    own = {"Sec-Fetch-Site": "same-origin"}
    for path, form in (
        ("/admin/bots?key=k", {"name": "Robo", "mode": "stream", "fallback_skill": skill}),
        ("/admin/calls", {"name": "Hotline", "line": line}),
        ("/admin/endpoints", {"name": "Shop", "url": "https://example.com/", "which": "all"}),
        ("/admin/sources", {"name": "Ad", "line": line, "skill": skill, "keyword": "Spring"}),
        ("/admin/tokens", {"name": "Shop", "role": "manager"}),
        ("/admin/labels", {"name": "Refund", "colour": "red"}),
        ("/admin/saved-replies", {"title": "Bye", "name": "bye", "language": "en", "text": "Bye"}),
        (
            "/admin/fields",
            {"name": "Refund", "kind": "text", "seen_by": "agent", "edited_by": "agent"},
        ),
        ("/admin/panels", {"name": "Shop", "template": "https://crm.example.com/{number}"}),
        (
            "/batches",
            {"title": "News", "line": line, "text": "Hi {name}", "look_back_seconds": "1 h"},
        ),
    ):
        made = await ada.post(path, data=form, headers=own)
        assert made.status_code in (200, 303), (path, made.text)


async def test_no_sentence_of_a_page_is_missed(
    office: Office, browsing: Browsing, pseudo: None
) -> None:
    seen: set[str] = set()
    bare: dict[str, list[str]] = {}
    async with browsing(office.ada) as ada:
        await furnished(ada, office)
        ada.cookies.set(LANGUAGE, PSEUDO)
        waiting = ["/log-in", "/operator", "/password", "/nowhere", "/admin/skills", "/batches"]
        waiting += ["/consumers", "/admin/fields", "/admin/panels", "/reports", "/reports/ratings"]
        while waiting:
            path = waiting.pop()
            address = path.partition("?")[0]
            if path in seen or [one.partition("?")[0] for one in seen].count(address) == MOST:
                continue
            seen.add(path)
            page = await ada.get(path, headers={"Accept": "text/html"})
            assert page.status_code < 500, path
            if not page.headers.get("Content-Type", "").startswith("text/html"):
                continue
            found = Bare()
            found.feed(page.text)
            if found.bare:
                bare[path] = found.bare
            waiting += sorted(one for one in found.links if one.startswith(("/admin", "/batches")))
        wrong = await ada.post("/admin/agents", data={"name": ""}, headers=PAGE)
        found = Bare()
        found.feed(wrong.text)
        assert found.bare == []
    assert len(seen) > 40
    assert bare == {}
