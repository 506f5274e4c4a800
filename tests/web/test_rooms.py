"""Each room of pages keeps its templates, styles and scripts beside its routes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import web

WEB = Path(web.__file__).parent
ROOMS = ("admin", "board", "consumers", "log_in", "workspace")
TEMPLATE = re.compile(r'{%-? *(?:extends|include|from|import) "([^"]+)"')
SCRIPT = re.compile(r'from "\./([^"]+)"|src="/static/([^"]+\.js)"|href="/static/([^"]+\.css)"')


def files(place: Path, *kinds: str) -> Iterator[Path]:
    for kind in kinds:
        yield from (one for one in place.rglob(f"*.{kind}") if "vendor" not in one.parts)


def loaded(place: Path) -> set[str]:
    """Return the scripts and styles that files of a folder load, by name."""
    found = (
        match for one in files(place, "html", "js") for match in SCRIPT.finditer(one.read_text())
    )
    return {next(filter(None, match.groups())) for match in found}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_templates_of_its_own_and_shared_ones(room: str) -> None:
    for template in files(WEB / room, "html"):
        for name in TEMPLATE.findall(template.read_text()):
            assert (WEB / name).is_file(), f"{template.name}: there is no {name}"
            assert "/" not in name or name.startswith(f"{room}/"), f"{template.name}: {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_loads_scripts_and_styles_of_its_own_and_shared_ones(room: str) -> None:
    for name in loaded(WEB / room):
        own, shared = WEB / room / "static" / name, WEB / "static" / name
        assert own.is_file() or shared.is_file(), f"{room}: {name}"


def test_what_rooms_share_knows_no_room() -> None:
    for template in WEB.glob("*.html"):
        for name in TEMPLATE.findall(template.read_text()):
            assert "/" not in name, f"{template.name}: {name}"
    for script in (WEB / "static").glob("*.js"):
        for match in SCRIPT.finditer(script.read_text()):
            assert (WEB / "static" / match[1]).is_file(), f"{script.name}: {match[1]}"


def test_no_two_rooms_have_a_file_of_one_address() -> None:
    names = [one.name for room in (".", *ROOMS) for one in (WEB / room / "static").glob("*.*")]
    assert len(names) == len(set(names))
