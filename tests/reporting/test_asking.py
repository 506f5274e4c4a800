"""Reports ask sums or facts, whichever there are: both say the same."""

from collections.abc import Collection, Mapping
from datetime import date

import pytest

from database.queries.events import append
from database.queries.reports import summing, sums
from database.queries.reports.sums import Asked, Found
from domain.errors import Invalid
from domain.people.teams import Led
from domain.reporting.catalogue import FIGURES
from domain.reporting.kinds import Dimension, FactKind, SplitBy
from domain.reporting.local_time import LocalTime
from domain.reporting.sums import Part
from reporting.summing import Summing
from services.reporting import reports, sizing
from services.reporting.asking import ACTIVE
from services.reporting.reports import Report, ReportQuery
from services.reporting.spans import Days
from tests.reporting.recording import Recorder, moved_to
from tests.reporting.test_sums import BERLIN, talks
from tests.services.callers import person

DAYS = Days(date(2026, 2, 27), date(2026, 6, 10))
Only = Mapping[Dimension, Collection[str]]


async def ask(
    recorder: Recorder, by: SplitBy, only: Only | None = None, led: Led | None = None
) -> Found:
    account_id = recorder.brand.account_id
    async with recorder.sessions() as session:
        months = await summing.summed_months(session, account_id)
        over = DAYS.stretches(LocalTime(BERLIN), months)
        asked = Asked(account_id, BERLIN.key, by, over, only or {}, led)
        return await sums.ask(session, asked)


async def test_sums_and_facts_say_the_same_however_they_are_told_apart(recorder: Recorder) -> None:
    brand = recorder.brand
    await moved_to(recorder, BERLIN.key)
    for one in await talks(recorder, seed=3, count=6):
        async with recorder.sessions.begin() as session:
            await append(session, brand.account_id, one.events)
    await recorder.record()
    await Summing(recorder.sessions).look()
    line: Only = {Dimension.line: [brand.line_id]}
    for by in (one for one in SplitBy if one not in (SplitBy.team, SplitBy.line, SplitBy.source)):
        of_sums = {
            key: {of: one for of, one in its.items() if of != ACTIVE}
            for key, its in (await ask(recorder, by)).items()
        }
        assert of_sums, by
        assert await ask(recorder, by, {**line, Dimension.source: ["text"]}) == of_sums, by
        assert not await ask(recorder, by, {**line, Dimension.agent: ["nobody"]}), by
    ann = brand.ann.agent_id
    hers = (await ask(recorder, SplitBy.agent))[ann]
    assert (await ask(recorder, SplitBy.total, {Dimension.agent: [ann]}))[""] == hers
    skills = await ask(recorder, SplitBy.skill)
    skill = max(skills, key=lambda one: len(skills[one]))
    both: Only = {**line, Dimension.source: ["text"]}
    limits: list[tuple[Only, Led | None]] = [
        ({Dimension.agent: [ann]}, None),
        ({Dimension.skill: [skill]}, None),
        ({Dimension.label: [f"{brand.account_id}-refund"]}, None),
        ({}, Led(frozenset([skill]), frozenset([brand.ben.agent_id]))),
    ]
    for only, theirs in limits:
        for by in (SplitBy.total, SplitBy.hour, SplitBy.weekday, SplitBy.agent, SplitBy.skill):
            kept = await ask(recorder, by, only, theirs)
            assert kept
            assert kept == await ask(recorder, by, {**both, **only}, theirs), (by, only)
    refunds: Only = {Dimension.label: [f"{brand.account_id}-refund"]}
    everybody = Led(frozenset([skill]), frozenset([ann, brand.ben.agent_id]))
    assert (await ask(recorder, SplitBy.label)).keys() > set(refunds[Dimension.label])
    for more, theirs in ((both, None), ({}, everybody)):
        found = await ask(recorder, SplitBy.label, {**more, **refunds}, theirs)
        assert found.keys() == set(refunds[Dimension.label]), "no row of another label they have"
    led = await ask(recorder, SplitBy.agent, led=Led(frozenset(), frozenset([ann])))
    assert led == {ann: hers}, "a manager of teams counts what is theirs"
    waiting = FIGURES["waiting"].value((await ask(recorder, SplitBy.total))[""], seconds=86_400.0)
    assert isinstance(waiting, float)
    opened = Part(FactKind.opened)
    days = await ask(recorder, SplitBy.day)
    assert sum(opened.of(one).times for one in days.values()) == 6


async def test_what_takes_too_long_to_count_is_refused_before_anybody_waits(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = recorder.brand
    for one in await talks(recorder, seed=3, count=6):
        async with recorder.sessions.begin() as session:
            await append(session, brand.account_id, one.events)
    await recorder.record()
    await Summing(recorder.sessions).look()
    mia = person(brand.account_id, brand.mia)
    nobody = {SplitBy.line: "nobody", SplitBy.source: "nothing"}
    here = {SplitBy.line: brand.line_id, SplitBy.source: "text"}

    async def read(only: Mapping[SplitBy, str], by: SplitBy = SplitBy.skill) -> Report:
        async with recorder.sessions() as session:
            return await reports.read(mia, session, ReportQuery(DAYS, by, only))

    assert (await read(here)).rows
    monkeypatch.setattr(sizing, "MOST_ADDED", 10)
    assert (await read(here, SplitBy.total)).rows, "there are sums of two things together"
    assert not (await read(nobody)).rows, "few facts are of both"
    for by in (SplitBy.skill, SplitBy.hour):
        with pytest.raises(Invalid, match="fewer filters"):
            await read(here, by)
    monkeypatch.setattr(sizing, "MOST_READ", 10)
    with pytest.raises(Invalid, match="fewer filters"):
        await read(nobody)
