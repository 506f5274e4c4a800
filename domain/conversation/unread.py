"""Unread: what the agent of a conversation has not looked at, apart from what is unanswered.

A conversation counts for the agent who has it, from its first text on, and for whoever marked it as
unread. Nobody else is shown it as unread: what waits in the queue is new to everybody.
"""

from domain.conversation.kinds import Author

BY_OTHERS = (Author.consumer, Author.agent, Author.note, Author.bot)
"""Authors of what counts, where it is not the reader. Automatic messages do not."""
MOST_COUNTED = 100
"""Texts of a conversation that are counted. Ours: from there on pages say `99+`."""
