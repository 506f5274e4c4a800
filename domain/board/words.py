"""What an alert says, in sentences with places."""

from collections.abc import Mapping

from domain.board.kinds import AlertKind

ALERTS: Mapping[str, str] = {
    AlertKind.waiting_long: "Conversations for {name} have waited too long",
    AlertKind.nobody_online: "Conversations are waiting for {name}, and nobody is online",
    AlertKind.connector_paused: "{name} accepts no texts at the moment; they are waiting",
    AlertKind.texts_refused: "Texts to {name} are refused",
    AlertKind.bound_reached: "More texts than are allowed were written on {name}",
    AlertKind.line_broken: "{name} is not set up right at its provider",
    AlertKind.export_failing: "The scheduled export {name} fails",
}
"""`{name}`: of the skill, the connector, the line or the schedule."""
UNKNOWN = "Something needs a manager: {name}"
