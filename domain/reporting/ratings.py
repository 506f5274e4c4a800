"""Facts of surveys. A rating belongs to the last agent and the skill at the closing."""

from collections.abc import Iterator

from domain.conversation.kinds import EventKind
from domain.reporting.facts import Fact, Told
from domain.reporting.kinds import FactKind
from domain.survey.follow_ups import Recommends, Resolved
from domain.survey.kinds import FollowUp


def rating_facts(event: Told, skill_id: str | None, agent_id: str | None) -> Iterator[Fact]:
    """Yield what an event says of the survey, nothing for others. The two are those at closing."""
    match event.kind:
        case EventKind.survey_asked if event.data.get("times") == 1 and not event.text("question"):
            yield Fact(FactKind.survey_asked, event.at, skill_id, agent_id)
        case EventKind.survey_answered:
            yield from _rated(event, event.text("skill_id") or skill_id, event.agent_id or agent_id)
        case EventKind.survey_followed_up:
            yield from _followed_up(event, skill_id, event.agent_id or agent_id)
        case _:
            return


def _rated(event: Told, skill_id: str | None, agent_id: str | None) -> Iterator[Fact]:
    score, scale = event.data.get("score"), event.text("scale") or ""
    if isinstance(score, int):
        yield Fact(FactKind.rated, event.at, skill_id, agent_id, scale, value=score)
        if event.data.get("satisfied") is True:
            yield Fact(FactKind.satisfied, event.at, skill_id, agent_id)


def _followed_up(event: Told, skill_id: str | None, agent_id: str | None) -> Iterator[Fact]:
    question, value = event.text("question"), event.data.get("value")
    if not isinstance(value, int):
        return
    if question == FollowUp.recommend:
        detail = str(Recommends.of(value))
        yield Fact(FactKind.recommended, event.at, skill_id, agent_id, detail)
    if question == FollowUp.resolved:
        yield Fact(FactKind.resolved, event.at, skill_id, agent_id, str(Resolved.of(value)))
