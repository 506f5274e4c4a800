"""Labels, closing reasons, fields, away reasons and consent words in a configuration file."""

from typing import Any

from api.configuration.reading import Path
from api.configuration.run import OF_WORDS, Run
from api.schemas.closing_reasons import ClosingReasonChange
from api.schemas.consumer_fields import ConsumerFieldChange, NewConsumerField
from api.schemas.labels import LabelChange
from domain.settings.kinds import LabelColour
from services.changes import UNCHANGED
from services.configuring import (
    away_reasons,
    closing_reasons,
    consumer_fields,
    keywords,
    labels,
)
from services.configuring.keywords import NewKeywords


async def write_labels(run: Run) -> dict[str, Any]:
    found = await labels.listed(run.caller, run.session)
    return {one.name: {"colour": one.colour} for one in found}


async def apply_labels(run: Run, value: object) -> None:
    where: Path = ("labels",)
    known = {one.name: one.id for one in await labels.listed(run.caller, run.session)}
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        change = run.model(LabelChange, at, run.mapping(at, settings)).wanted
        if name in known:
            await run.doing(at, labels.change(run.caller, run.session, known[name], change))
            continue
        colour = LabelColour.grey if change.colour is UNCHANGED else LabelColour(change.colour)
        await run.doing(at, labels.create(run.caller, run.session, name, colour))


async def write_reasons(run: Run) -> dict[str, Any]:
    found = await closing_reasons.listed(run.caller, run.session)
    return {
        one.reason.name: {"skills": sorted(filter(None, map(run.name_of, one.skills)))}
        for one in found
    }


async def apply_reasons(run: Run, value: object) -> None:
    where: Path = ("closing_reasons",)
    found = await closing_reasons.listed(run.caller, run.session)
    known = {one.reason.name: one for one in found}
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        values = run.mapping(at, settings)
        named = [run.skill((*at, "skills"), one) for one in values.get("skills") or []]
        change = run.model(ClosingReasonChange, at, values | {"skills": named}).wanted
        if name not in known:
            await run.doing(at, closing_reasons.create(run.caller, run.session, name, named))
        elif sorted(known[name].skills) != sorted(named):
            reason_id = known[name].reason.id
            await run.doing(at, closing_reasons.change(run.caller, run.session, reason_id, change))


async def write_fields(run: Run) -> dict[str, Any]:
    found = await consumer_fields.listed(run.caller, run.session)
    names = ("kind", "choices", "seen_by", "edited_by", "is_required", "position")
    return {one.name: {name: getattr(one, name) for name in names} for one in found}


async def apply_fields(run: Run, value: object) -> None:
    where: Path = ("consumer_fields",)
    known = {one.name: one.id for one in await consumer_fields.listed(run.caller, run.session)}
    for name, settings in run.mapping(where, value).items():
        at = (*where, name)
        values = run.mapping(at, settings)
        if name not in known:
            new = run.model(NewConsumerField, at, values | {"name": name}).wanted
            await run.doing(at, consumer_fields.create(run.caller, run.session, new))
            continue
        kept = {key: one for key, one in values.items() if key != "kind"}
        change = run.model(ConsumerFieldChange, at, kept).wanted
        act = consumer_fields.change(run.caller, run.session, known[name], change)
        await run.doing(at, act)


async def write_away(run: Run) -> list[str]:
    return list(await away_reasons.listed(run.caller, run.session))


async def apply_away(run: Run, value: object) -> None:
    where: Path = ("away_reasons",)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise run.file.refused(where, "a list of names is expected here.")
    if list(await away_reasons.listed(run.caller, run.session)) != value:
        await run.doing(where, away_reasons.replace(run.caller, run.session, value))


async def write_keywords(run: Run) -> dict[str, Any]:
    own = await keywords.show(run.caller, run.session)
    return {name: sorted(getattr(own, name)) for name in OF_WORDS}


async def apply_keywords(run: Run, value: object) -> None:
    where: Path = ("consent_words",)
    values = run.mapping(where, value)
    run.file.check_keys(where, values, set(OF_WORDS))
    held = await write_keywords(run)
    new = held | {name: sorted(map(str, words or [])) for name, words in values.items()}
    if new != held:
        await run.doing(where, keywords.replace(run.caller, run.session, NewKeywords(**new)))
