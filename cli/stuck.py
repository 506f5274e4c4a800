"""`switchboard stuck`: what stands still, why, and the command that frees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli.absence import NO_LIST
from cli.complaints import look, told_of_keys
from cli.session import Tools, run_command
from domain.ids import line_of
from services.installation import Installation
from services.operating.stuck import SHOWN, Findings, Stuck, find
from services.operating.troubles import Trouble
from temporal.versions import Versions
from workflows.batches import messages as batches
from workflows.conversation import messages as conversation
from workflows.endpoints import messages as endpoints
from workflows.erasure import messages as erasure
from workflows.exports import messages as exports
from workflows.maintenance import messages as maintenance

REPAIR = "switchboard reconcile --repair"
HEAL = "If its history is to blame, as after a restore: switchboard doctor --heal"
KEY = "Restart the processes above with the key. If it still fails then, repeat this."
NAMES = {Trouble.text_lost: "consumer's text", Trouble.hard_to_send: "our text"}
KINDS = {
    conversation.WORKFLOW: "conversation",
    endpoints.WORKFLOW: "endpoint",
    batches.WORKFLOW: "batch",
    batches.SLICE_WORKFLOW: "part of a batch",
    exports.WORKFLOW: "export",
    exports.SCHEDULED_WORKFLOW: "scheduled export",
    erasure.WORKFLOW: "erasure",
    maintenance.WORKFLOW: "maintenance",
}
WHYS = {
    Trouble.failing: "The tasks of its workflow fail{on} ({tries} attempts).",
    Trouble.no_workflow: "It is open, and its workflow does not run.",
    Trouble.text_lost: "It was handed over to {workflow}, and is in no transcript.",
    Trouble.left_alone: "A text of ours waits on {line}, and no worker handles it.",
    Trouble.hard_to_send: "It was tried {tries} times on {line}{code}.",
    Trouble.nothing_open: "It runs, and no conversation of it is open.",
    Trouble.erasure_late: "It was asked for more than an hour ago, and has not ended.",
    Trouble.missed_run: "It did not do its work, and its schedule does not run again soon.",
}

AGAIN = "switchboard doctor --heal, or its button on the status page"
FREED = {
    Trouble.hard_to_send: "Look at the line's page: its provider refuses it, or does not answer.",
    Trouble.erasure_late: f"Mend what its last failure names. Then: {AGAIN}",
    Trouble.missed_run: f"Mend what its last failure names. Then: {AGAIN}",
}
MANY = 5
"""Workflows that fail at once, from which on workers may be what is wrong. Ours."""
STARVED = (
    "If the tasks of so many time out, workers have too little CPU: give them more, or start "
    "another. Do not end these conversations: they go on by themselves."
)
UNASKED = (
    "Only {n} schedules with a failed run could be asked whether it was done since: repeat this in "
    "some minutes."
)


@dataclass(frozen=True)
class Listed:
    """What is stuck, the version of workers that is current, and what comes first."""

    findings: Findings
    current: str | None
    first: Sequence[str]
    """Sentences about processes that lack a key: they come before anything else is done."""


def stuck(
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
) -> None:
    """List what stands still: conversations and texts, each with the command that frees it.

    Exits with 1 if there is any, or if not all could be examined.
    """
    listed = run_command(data, "stuck", _listed)
    for sentence in listed.first:
        typer.echo(sentence)
    for one in listed.findings.found:
        since = f", since {one.since:%Y-%m-%d %H:%M:%S} UTC" if one.since else ""
        typer.echo(f"{_name(one)}{since}\n  {_why(one)}\n  → {_advice(one, listed)}")
    for more in _beyond(listed.findings):
        typer.echo(more)
    if listed.findings.counts[Trouble.failing] >= MANY:
        typer.echo(STARVED)
    if not listed.findings.knows_failing:
        typer.echo(NO_LIST)
    if not listed.findings.runs.is_whole:
        typer.echo(UNASKED.format(n=listed.findings.runs.asked))
    if listed.findings.total or not listed.findings.is_whole:
        raise typer.Exit(1)
    typer.echo("Nothing stands still.")


async def _listed(tools: Tools) -> Listed:
    conversations = tools.conversations
    current = await Versions(conversations.client, conversations.task_queue).current()
    first = told_of_keys(await look(tools.sessions, conversations))
    return Listed(await find(Installation(), tools.backends), current, first)


def _name(one: Stuck) -> str:
    if one.trouble is Trouble.left_alone and one.conversation_id is None:
        return f"our text {one.subject}"
    if one.trouble in NAMES:
        return f"{NAMES[one.trouble]} {one.subject}"
    if one.conversation_id is None:
        return f"{KINDS.get(one.kind or '', 'other')} workflow {one.workflow_id}"
    return f"conversation {one.conversation_id} ({one.workflow_id})"


def _why(one: Stuck) -> str:
    return WHYS[one.trouble].format(
        on=f" on {one.version}" if one.version else "",
        tries=one.tries,
        workflow=one.workflow_id,
        line=one.line_id,
        code=f" ({one.code})" if one.code else "",
    )


def _advice(one: Stuck, listed: Listed) -> str:
    """Return what frees it. With a key that is missing, nobody knows what would fail without."""
    if listed.first and one.trouble is Trouble.failing:
        return KEY
    return _frees(one, listed.current)


def _frees(one: Stuck, current: str | None) -> str:
    on = one.version or current  # a conversation without a step is on no version yet
    rolls = f"switchboard roll-over --from {on} --stuck"
    if one.trouble in FREED:
        return FREED[one.trouble]
    if one.trouble is Trouble.text_lost and one.tries > 1 and one.version not in (None, current):
        return rolls
    if one.trouble is Trouble.left_alone and one.conversation_id is None:
        return "Start a worker: switchboard worker"
    if one.trouble is not Trouble.failing:
        return REPAIR
    if one.conversation_id is None and not line_of(one.workflow_id):
        on = one.version
    if on and on != current:
        return f"{rolls}. {HEAL}"
    if on:
        back = f"switchboard make-current EARLIER, then {rolls}"
        return f"Deploy the fix. {HEAL}. Or go back: {back}"
    if one.conversation_id:
        return f"Deploy the fix. {HEAL}. Or give it up: switchboard end {one.conversation_id} --now"
    return f"Deploy the fix. {HEAL}"


def _beyond(findings: Findings) -> Sequence[str]:
    """Return sentences for what was counted and not looked at one by one."""
    return [
        f"... and {count - SHOWN} more like the last of these: {WHYS[trouble].partition(' {')[0]}"
        for trouble, count in findings.counts.items()
        if count > SHOWN
    ]
