"""What can be wrong with an installation, and what an operator can do about it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Trouble(StrEnum):
    """What is wrong, in the order of an operator's need."""

    failing = "failing"
    """A workflow whose tasks fail or time out again and again."""
    no_workflow = "no_workflow"
    """An open conversation whose workflow does not run."""
    text_lost = "text_lost"
    """A consumer's text that was handed over and is in no transcript."""
    left_alone = "left_alone"
    """A conversation with texts of ours that no worker handles."""
    hard_to_send = "hard_to_send"
    """A text of ours that was tried again and again."""
    nothing_open = "nothing_open"
    """A workflow that runs although nothing of its own is open."""
    erasure_late = "erasure_late"
    """An erasure that has not ended long after it was asked for."""
    missed_run = "missed_run"
    """A run of a schedule that did not do its work, and that nothing does again soon."""


class Remedy(StrEnum):
    """What can be done about it."""

    revive = "revive"
    """Start the workflow again from the newest step in the database, or have it look there."""
    restart = "restart"
    """Terminate the workflow, then start it again from the newest step in the database.

    What is no conversation's is started again by workers, or by its schedule.
    """
    move = "move"
    """Let the workflow run on the current version."""
    hand_over = "hand_over"
    """Hand a consumer's text over again."""
    look = "look"
    """Have a workflow compare itself with the database."""
    run_again = "run_again"
    """Do the work of a schedule's run now."""
    end = "end"
    """Terminate the workflow, and close the conversation in the database."""


IRREVOCABLE = frozenset({Remedy.end})
"""What cannot be undone: pages ask again before."""

REMEDIES: Mapping[Trouble, Sequence[Remedy]] = {
    Trouble.failing: (Remedy.restart, Remedy.move, Remedy.end),
    Trouble.no_workflow: (Remedy.revive, Remedy.end),
    Trouble.text_lost: (Remedy.hand_over, Remedy.move),
    Trouble.left_alone: (Remedy.revive, Remedy.end),
    Trouble.hard_to_send: (),
    Trouble.nothing_open: (Remedy.look,),
    Trouble.erasure_late: (Remedy.restart,),
    Trouble.missed_run: (Remedy.run_again,),
}
