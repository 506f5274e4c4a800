"""How many signals the yardstick's workflows have handled.

The one thing they share with their process: a workflow that reported by an activity, or by
ending, would measure that too.
"""

handled: list[None] = []
