"""Each room of pages keeps its templates, styles and scripts beside its routes."""

import re
from collections.abc import Iterator
from os.path import normpath
from pathlib import Path

import pytest

import web
from web import rendering

WEB = Path(web.__file__).parent
ROOMS = ("admin", "board", "consumers", "history", "log_in", "operator", "reports", "workspace")
TEMPLATE = re.compile(r'{%-? *(?:extends|include|from|import) "([^"]+)"')
LOADED = re.compile(r'src="/static/([^"]+\.js)"|href="/static/([^"]+\.css)"|asset\("([^"]+)"\)')
IMPORTED = re.compile(r'^(?!\s*/?\*).*from "(\.[^"]+)"', re.MULTILINE)


def files(place: Path, *kinds: str) -> Iterator[Path]:
    for kind in kinds:
        yield from (one for one in place.rglob(f"*.{kind}") if "vendor" not in one.parts)


def loaded(place: Path) -> set[str]:
    """Return the scripts and styles that files of a folder load, by their addresses in /static."""
    pages = (LOADED.finditer(one.read_text()) for one in files(place, "html"))
    found = {next(filter(None, match.groups())) for matches in pages for match in matches}
    return found | {name for one in files(place / "static", "js") for name in imported(one)}


def imported(script: Path) -> Iterator[str]:
    """Yield the addresses of the scripts that a script imports."""
    root = next(folder for folder in script.parents if folder.name == "static")
    for name in IMPORTED.findall(script.read_text()):
        yield normpath(script.parent.relative_to(root) / name)


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
    for script in files(WEB / "static", "js"):
        for name in imported(script):
            assert (WEB / "static" / name).is_file(), f"{script.name}: {name}"


def test_no_two_rooms_have_a_file_of_one_address() -> None:
    names = [one.name for room in (".", *ROOMS) for one in (WEB / room / "static").glob("*.*")]
    assert len(names) == len(set(names))


def test_pages_stay_those_of_the_process_while_the_package_is_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "room").mkdir()
    for name in ("page", "other"):
        (tmp_path / "room" / f"{name}.html").write_text("old")
    monkeypatch.setattr(rendering, "TEMPLATES", tmp_path)
    pages = rendering.create_pages.__wrapped__()
    assert pages.render("room/page.html") == "old"
    for name in ("page", "other"):
        (tmp_path / "room" / f"{name}.html").write_text("{{ what_only_new_code_gives }}")
    assert pages.render("room/page.html") == "old"
    assert pages.render("room/other.html") == "old"
