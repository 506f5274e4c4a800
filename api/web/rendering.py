"""Templates, and how times and numbers read on a page."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, cast
from zoneinfo import ZoneInfo

import jinja2
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from api.clock import utc_now

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Pages:
    """Our templates. Everything written into them is escaped."""

    environment: jinja2.Environment

    def render(self, template: str, **shown: object) -> str:
        return self.environment.get_template(template).render(**shown)

    def answer(self, template: str, status: int = 200, **shown: object) -> HTMLResponse:
        return HTMLResponse(self.render(template, **shown), status_code=status)


def create_pages() -> Pages:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = clock
    environment.filters["initials"] = initials
    return Pages(environment)


def get_pages(request: Request) -> Pages:
    return cast(Pages, request.app.state.pages)


PagesDep = Annotated[Pages, Depends(get_pages)]


def clock(at: datetime, zone: str) -> str:
    """Return a time as people of the account read it: the hour today, else with the day."""
    here = ZoneInfo(zone)
    local, today = at.astimezone(here), utc_now().astimezone(here).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    day = f"{local.day} {local:%b}"
    return f"{day}, {local:%H:%M}" if local.year == today.year else f"{day} {local.year}"


def initials(name: str) -> str:
    """Return what stands in a person's round mark: initials, or a number's last two digits."""
    if name.startswith("+"):
        return name[-2:]
    return "".join(word[0] for word in name.split()[:2]).upper()
