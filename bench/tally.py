"""Counts the signals that the yardstick's workflows have handled.

The workflows share this list with their process. If they reported through an activity or by
completing, that would be measured too.
"""

handled: list[None] = []
