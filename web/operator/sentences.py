"""What the status page says: for each thing what it means, and what to do."""

from database.queries.operating.processes import ProcessKind
from domain.endpoints.kinds import PauseReason
from domain.numbers.kinds import Misdirected
from services.operating.freeing import Outcome
from services.operating.processes import Complaint
from services.operating.troubles import Remedy, Trouble
from web.words import Words
from workflows.batches import messages as batches
from workflows.conversation import messages as conversation
from workflows.endpoints import messages as endpoints
from workflows.erasure import messages as erasure
from workflows.exports import messages as exports
from workflows.maintenance import messages as maintenance

TROUBLES = Words(
    {
        Trouble.failing: "Workflows that fail again and again",
        Trouble.no_workflow: "Open conversations without a workflow",
        Trouble.text_lost: "Consumers’ texts in no transcript",
        Trouble.left_alone: "Conversations whose texts nobody sends",
        Trouble.hard_to_send: "Texts that were tried again and again",
        Trouble.nothing_open: "Workflows with nothing open",
        Trouble.erasure_late: "Erasures that do not end",
        Trouble.missed_run: "Runs of schedules that did not do their work",
    }
)
MEANINGS = Words(
    {
        Trouble.failing: "Its code meets an error or takes too long: a bug, or a history that the "
        "code does not fit. Texts wait in Temporal, and none is lost.",
        Trouble.no_workflow: "People see it as open, but nothing answers: its workflow was "
        "terminated, or lost with its namespace.",
        Trouble.text_lost: "Temporal took the text more than a minute ago, but no conversation has "
        "it. Its workflow hangs, has no worker, or was lost.",
        Trouble.left_alone: "Texts of ours wait for more than a minute, and no worker has tried to "
        "send them.",
        Trouble.hard_to_send: "The provider refuses or does not answer. They leave when it works "
        "again, and fail after four hours.",
        Trouble.nothing_open: "Its conversation is closed, or not in the database. It may wait for "
        "something that never comes.",
        Trouble.erasure_late: "An erasure takes minutes, and this one was asked for more than an "
        "hour ago: its workflow fails, or something of it cannot be erased.",
        Trouble.missed_run: "Its workflow was terminated or failed, and the next run is not soon.",
    }
)
ADVICE = Words(
    {
        Trouble.failing: "After a restore, start it again. After a deploy, go back or deploy the "
        "fix first; then let what stays on the bad version run on the current one. If many are "
        "here at once and their tasks time out, workers have too little CPU: give them more, or "
        "start another, and end none.",
        Trouble.no_workflow: "Workers start it again within four minutes. If it is here longer, "
        "press the button.",
        Trouble.text_lost: "Workers hand it over again within minutes. If it comes back, look "
        "whether its workflow fails and whether workers run. If it stays on a version that no "
        "worker has any more, let it run on the current one.",
        Trouble.left_alone: "Look whether workers run and whether the connector is paused. If only "
        "a few conversations are here, press the button.",
        Trouble.hard_to_send: "Look at the provider’s status page and at the connector of the "
        "line, in the account’s settings.",
        Trouble.nothing_open: "Workers have it compare itself with the database every ten minutes. "
        "If it stays, nothing waits for it.",
        Trouble.erasure_late: "Look at its workflow’s last failure and for erasure_waits in the "
        "log. After a restore, or once the fix is deployed, start it again.",
        Trouble.missed_run: "Run it now. What it was to do is done for the days it was due.",
    }
)
REMEDIES = Words(
    {
        Remedy.revive: "Start its workflow again from the newest step in the database",
        Remedy.restart: "Terminate its workflow and start it again from the newest step in the "
        "database",
        Remedy.move: "Let it run on the current version",
        Remedy.hand_over: "Hand the text over again",
        Remedy.look: "Have it compare itself with the database",
        Remedy.run_again: "Run it now",
        Remedy.end: "End it now…",
    }
)
OUTCOMES = Words(
    {
        Outcome.done: "Done",
        Outcome.needless: "Not necessary any more: nothing was done",
        Outcome.unavailable: "Temporal did not answer: try again",
    }
)
DONE = Words(
    {
        Remedy.revive: "Started its workflow again from the newest step in the database",
        Remedy.restart: "Terminated its workflow and started it again",
        Remedy.move: "Let it run on the current version",
        Remedy.hand_over: "Handed the text over again",
        Remedy.look: "Had it compare itself with the database",
        Remedy.run_again: "Ran it",
        Remedy.end: "Ended it",
    }
)
WORKFLOWS = Words(
    {
        conversation.WORKFLOW: "conversation",
        endpoints.WORKFLOW: "endpoint",
        batches.WORKFLOW: "batch",
        batches.SLICE_WORKFLOW: "part of a batch",
        exports.WORKFLOW: "export",
        exports.SCHEDULED_WORKFLOW: "scheduled export",
        erasure.WORKFLOW: "erasure",
        maintenance.WORKFLOW: "maintenance",
    }
)
KINDS = Words({ProcessKind.api: "API", ProcessKind.worker: "Worker"})
COMPLAINTS = Words(
    {
        Complaint.silent: "It was not heard for more than half a minute: it hangs, was killed, or "
        "does not reach the database. Look at its log, then start it again.",
        Complaint.not_polling: "It does not ask Temporal for work: conversations wait for others. "
        "Look at its log, then start it again.",
        Complaint.clock: "Its clock is wrong by more than 10 s: timers and log-ins go wrong. Set "
        "the clock of its machine.",
        Complaint.schema: "Its code and the database do not fit. Run switchboard migrate if the "
        "code is newer; otherwise finish the deploy.",
        Complaint.keys: "It lacks a key with which another process encrypts: what that one stores, "
        "it cannot read. Restart it with the same SWITCHBOARD_ENCRYPTION_KEYS.",
        Complaint.versions: "Different versions run side by side. This is right during a deploy "
        "and wrong afterwards: stop the old ones as soon as they are drained. Where workers are to "
        "have no version: switchboard make-current unversioned.",
        Complaint.no_worker: "No worker runs: texts are stored and nothing else happens. Start "
        "one with switchboard worker.",
        Complaint.read_only: "The database takes no writes: nothing is stored or sent. It is a "
        "standby, or default_transaction_read_only is on.",
    }
)
SHORT = Words(
    {
        Complaint.silent: "Does not answer",
        Complaint.not_polling: "Does not ask for work",
        Complaint.clock: "Wrong clock",
        Complaint.schema: "Other schema",
        Complaint.keys: "Lacks a key",
    }
)
FOLLOWERS = Words(
    {
        "records": "Events not yet in All conversations and reports",
        "figures": "Days of reports to be summed anew",
        "notices": "Events of which nobody was told yet",
        "endpoints": "Events not yet posted to customers’ endpoints",
    }
)
HALTED = Words(
    {
        str(Misdirected.another_line): "Texts for another line of the account came to its webhook",
        str(Misdirected.unknown_number): "Texts for an unknown number came to its webhook and were "
        "refused",
        str(Misdirected.another_channel): "Texts of another channel than SMS came to its webhook "
        "and were refused",
        str(PauseReason.by_hand): "Paused by hand",
        str(PauseReason.failing): "Paused: it took nothing for three days",
        str(PauseReason.gone): "Paused: its receiver answered 410",
        str(PauseReason.secret_unreadable): "Paused: an encryption key is missing",
        "down": "It takes nothing, and is tried again",
    }
)


def why_halted(word: str) -> str:
    """Return why something is paused or refused; a provider's code stays as it is."""
    return HALTED.get(word) or word


IN_PAGES = {
    "TROUBLES": TROUBLES,
    "MEANINGS": MEANINGS,
    "ADVICE": ADVICE,
    "REMEDIES": REMEDIES,
    "OUTCOMES": OUTCOMES,
    "DONE": DONE,
    "KINDS": KINDS,
    "WORKFLOWS": WORKFLOWS,
    "COMPLAINTS": COMPLAINTS,
    "SHORT": SHORT,
    "FOLLOWERS": FOLLOWERS,
    "why_halted": why_halted,
}
"""What templates read, by its name there."""
