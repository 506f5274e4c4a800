"""What people's time went into."""

from domain.conversation.kinds import CloseReason
from domain.people.roles import AgentState
from domain.reporting.figures import Amount, Extreme, Figure, Group, Unit
from domain.reporting.kinds import FactKind
from domain.reporting.sums import Part

ONLINE = Part(FactKind.state, (AgentState.online,))
AT_WORK = Part(FactKind.state, (AgentState.online, AgentState.back_soon, AgentState.away))
BY_PEOPLE = Part(FactKind.closed, (CloseReason.agent, CloseReason.manager))


def _hours(one: str, name: str, says: str, part: Part, *, tells_details: bool = False) -> Figure:
    of = (Group.people, Unit.hours, part)
    return Figure(one, name, says, *of, amount=Amount.hours, tells_details=tells_details)


def _an_hour(one: str, name: str, says: str, base: Part) -> Figure:
    of = (Group.people, Unit.ratio, BY_PEOPLE, base)
    return Figure(one, name, says, *of, base_amount=Amount.hours)


def _extreme(one: str, name: str, says: str, kind: FactKind, extreme: Extreme) -> Figure:
    return Figure(one, name, says, Group.people, Unit.percent, Part(kind), extreme=extreme)


PEOPLE = (
    _hours("online_hours", "Hours online", "How long agents were online, until now.", ONLINE),
    _hours(
        "back_soon_hours",
        "Hours back soon",
        "How long agents were back soon.",
        Part(FactKind.state, (AgentState.back_soon,)),
    ),
    _hours(
        "away_hours",
        "Hours away",
        "How long agents were away, whatever their reason.",
        Part(FactKind.state, (AgentState.away,)),
        tells_details=True,
    ),
    _hours(
        "logged_in_hours",
        "Hours logged in",
        "How long agents were online, back soon or away.",
        AT_WORK,
    ),
    _an_hour(
        "closed_per_online_hour",
        "Closed per hour online",
        "Conversations that people closed, for each hour that agents were online.",
        ONLINE,
    ),
    _an_hour(
        "closed_per_hour",
        "Closed per hour logged in",
        "The same for each hour that they were online, back soon or away.",
        AT_WORK,
    ),
    Figure(
        "load",
        "Load",
        "What online agents held, by weight, of what they may hold at most. Looked at each minute.",
        Group.people,
        Unit.percent,
        Part(FactKind.load),
        Part(FactKind.load_limit),
        amount=Amount.total,
        base_amount=Amount.total,
    ),
    _extreme(
        "load_most",
        "Highest load",
        "The load in the fullest minute: of all agents together, or of the fullest of a team.",
        FactKind.load_share,
        Extreme.most,
    ),
    _extreme(
        "load_least",
        "Lowest load",
        "The load in the emptiest minute in which anybody was online.",
        FactKind.load_room,
        Extreme.rest,
    ),
)
