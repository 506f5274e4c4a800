"""Lines and automatic messages in a configuration file."""

from collections.abc import Mapping
from typing import Any

from api.configuration.reading import Path
from api.configuration.run import OF_LINE, Run
from api.schemas.brand import LineChange, NewLine
from domain.automatic.kinds import Automatic
from services.configuring import (
    automatic_messages,
    connectors,
    lines,
)
from services.configuring.automatic_messages import NewText


async def write_lines(run: Run) -> dict[str, Any]:
    of_connector = {one.id: one.name for one in await connectors.listed(run.caller, run.session)}
    return {
        one.line.name: {
            "address": one.line.address,
            "connector": of_connector.get(one.line.connector_id),
            "skill": run.name_of(one.line.entry_skill_id),
            **{name: getattr(one.line, name) for name in OF_LINE if name != "skill"},
            "keywords": {word: run.name_of(to) for word, to in sorted(one.keywords.items())},
        }
        for one in await lines.listed(run.caller, run.session)
    }


async def apply_lines(run: Run, value: object) -> None:
    where: Path = ("lines",)
    found = await lines.listed(run.caller, run.session)
    known = {one.line.address.lower(): one for one in found}
    of_name = {one.name: one.id for one in await connectors.listed(run.caller, run.session)}
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        values = run.mapping(at, settings)
        run.file.check_keys(at, values, {"address", "connector", "keywords", *OF_LINE})
        address = values.get("address")
        if not isinstance(address, str):
            raise run.file.refused((*at, "address"), "the number is missing, in quotation marks.")
        wanted = _of_line(run, at, name, values)
        held = known.get(address.lower())
        if held is None:
            held = await _made_line(run, at, of_name, name, values, wanted)
        words = {one["keyword"]: one["skill"] for one in wanted.get("keywords", ())}
        if words == dict(held.keywords):
            wanted.pop("keywords", None)
        change = run.model(LineChange, at, wanted).wanted
        act = lines.change(run.caller, run.session, run.known, held.line.id, change)
        await run.doing(at, act)


def _of_line(run: Run, at: Path, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {key: one for key, one in values.items() if key in OF_LINE and key != "skill"}
    wanted["name"] = name
    if "skill" in values:
        wanted["entry_skill"] = run.skill((*at, "skill"), values["skill"])
    if "keywords" in values:
        words = run.mapping((*at, "keywords"), values["keywords"])
        wanted["keywords"] = [
            {"keyword": word, "skill": run.skill((*at, "keywords", word), to)}
            for word, to in words.items()
        ]
    return wanted


async def _made_line(
    run: Run,
    at: Path,
    of_name: Mapping[str, str],
    name: str,
    values: Mapping[str, Any],
    wanted: Mapping[str, Any],
) -> lines.LineDetail:
    connector = str(values.get("connector"))
    if connector not in of_name:
        raise run.file.refused(
            (*at, "connector"),
            f"there is no connector {connector}. Connect the provider first: its secret is in no "
            "file.",
        )
    if "entry_skill" not in wanted:
        raise run.file.refused(at, "the skill is missing.")
    new = {
        "name": name,
        "connector": of_name[connector],
        "address": values["address"],
        "entry_skill": wanted["entry_skill"],
    }
    made = run.model(NewLine, at, new).wanted
    line: lines.LineDetail = await run.doing(
        at, lines.create(run.caller, run.session, run.known, made)
    )
    return line


async def write_messages(run: Run) -> list[dict[str, Any]]:
    of_line = {one.line.id: one.line.name for one in await lines.listed(run.caller, run.session)}
    of_connector = {one.id: one.name for one in await connectors.listed(run.caller, run.session)}
    found = []
    for one in await automatic_messages.listed(run.caller, run.session):
        places = {
            "skill": run.name_of(one.skill_id),
            "line": of_line.get(one.line_id or ""),
            "connector": of_connector.get(one.connector_id or ""),
        }
        found.append(
            {"event": one.event, "language": one.language}
            | {name: place for name, place in places.items() if place}
            | {"text": one.text, "enabled": one.enabled}
        )
    return sorted(found, key=lambda one: tuple(str(value) for value in one.values()))


async def apply_messages(run: Run, value: object) -> None:
    where: Path = ("automatic_messages",)
    if not isinstance(value, list):
        raise run.file.refused(where, "a list is expected here.")
    held = await write_messages(run)
    of_line = {one.line.name: one.line.id for one in await lines.listed(run.caller, run.session)}
    of_connector = {one.name: one.id for one in await connectors.listed(run.caller, run.session)}
    for place, item in enumerate(value):
        at = (*where, place)
        values = run.mapping(at, item)
        known = {"event", "language", "skill", "line", "connector", "text", "enabled"}
        run.file.check_keys(at, values, known)
        if values in held:
            continue
        if values.get("event") not in tuple(Automatic):
            raise run.file.refused((*at, "event"), f"there is no message {values.get('event')}.")
        new = NewText(
            event=Automatic(values["event"]),
            text=str(values.get("text", "")),
            language=values.get("language"),
            enabled=bool(values.get("enabled", True)),
            skill=run.skill((*at, "skill"), values["skill"]) if "skill" in values else None,
            line=_named(run, (*at, "line"), of_line, values),
            connector=_named(run, (*at, "connector"), of_connector, values),
        )
        await run.doing(at, automatic_messages.put(run.caller, run.session, new))


def _named(run: Run, at: Path, known: Mapping[str, str], values: Mapping[str, Any]) -> str | None:
    name = values.get(str(at[-1]))
    if name is None:
        return None
    if name not in known:
        raise run.file.refused(at, f"there is no {at[-1]} {name}.")
    return known[name]
