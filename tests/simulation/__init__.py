"""The real workflow code on one seeded schedule, with small models of everything around it.

A seed draws a schedule of steps (texts, commands, work, faults); `run.play` plays it; `checks` says
what must hold afterwards. The same seed always plays the same.
"""
