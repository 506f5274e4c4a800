"""Templates, and the filters that show times, names and ratings."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Protocol, cast

import jinja2
from babel.numbers import format_decimal
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from domain.languages import name_of
from domain.people.passwords import LONGEST, SHORTEST
from translations.reader import LANGUAGES, reader
from web import datetimes, durations, scores, words
from web.directions import isolated, whole
from web.page_context import ROLES
from web.words import _

TEMPLATES = Path(__file__).parent


@dataclass(frozen=True)
class Pages:
    """Our templates. Every value in them is escaped."""

    environment: jinja2.Environment

    def render(self, template: str, **shown: object) -> str:
        return self.environment.get_template(template).render(**shown)

    def answer(self, template: str, status: int = 200, **shown: object) -> HTMLResponse:
        return HTMLResponse(self.render(template, **shown), status_code=status)


def _read() -> dict[str, str]:
    """Return all templates by their names, as they are now.

    While a package is upgraded in place, the files become those of another version.
    """
    files = TEMPLATES.rglob("*.html")
    return {file.relative_to(TEMPLATES).as_posix(): file.read_text("utf-8") for file in files}


@cache
def create_pages() -> Pages:
    """Return the templates of this process: read now, each compiled once."""
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(_read()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = datetimes.clock
    environment.filters["full_date"] = datetimes.full_date
    environment.filters["until"] = datetimes.until
    environment.filters["left"] = datetimes.left
    environment.filters["initials"] = initials
    environment.filters["hue"] = hue
    environment.filters["duration"] = durations.to_text
    environment.filters["roughly"] = durations.roughly
    environment.filters["pairs"] = pairs
    environment.filters["isolated"] = isolated
    environment.filters["whole"] = whole
    environment.filters["file_size"] = file_size
    environment.filters["language_name"] = name_of
    environment.filters["rating"] = scores.of_survey
    environment.filters["followed_up"] = scores.answers
    environment.filters["said"] = words.said
    environment.filters["number"] = words.number
    environment.filters["money"] = words.money
    environment.filters["weekday"] = datetimes.weekday
    environment.globals["roles"] = ROLES
    environment.globals["_"] = words.in_page
    environment.globals["n"] = words.n_in_page
    environment.globals["reader"] = reader
    environment.globals["languages_of_pages"] = LANGUAGES
    environment.globals["passwords"] = {"shortest": SHORTEST, "longest": LONGEST}
    return Pages(environment)


def get_pages(request: Request) -> Pages:
    return cast(Pages, request.app.state.pages)


PagesDep = Annotated[Pages, Depends(get_pages)]


class Named(Protocol):
    """Something to choose in a form."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def pairs(rows: Iterable[Named]) -> list[tuple[str, str]]:
    """Return the choices of a form as pairs of id and name."""
    return [(row.id, row.name) for row in rows]


def file_size(size: int) -> str:
    """Return a size in the unit that fits, such as `340 KB`."""
    if size < 1_000_000:
        return _("{size} KB", size=words.number(max(1, round(size / 1000))))
    return _("{size} MB", size=format_decimal(size / 1_000_000, "0.0", reader().language))


def hue(key: str) -> int:
    """Return which of its eight colours somebody's avatar has, by their id, as in `parts.js`."""
    number = 0
    for letter in key:
        number = (number * 31 + ord(letter)) % 65_521
    return number % 8


def initials(name: str) -> str:
    """Return what an avatar shows: initials, or the last two digits of a number."""
    if name.startswith("+"):
        return name[-2:]
    return "".join(word[0] for word in name.split()[:2]).upper()
