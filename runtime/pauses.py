"""Keeping a process's pauses short: what it holds from its start is not looked at again.

Python's full garbage collections look at every object there is, and hold up all threads meanwhile.
Code, routes, statements and the model that recognises languages are most of a process: 120 to
160 ms of a worker or an API, in the middle of somebody's text.
"""

import gc


def spare_what_stays() -> None:
    """Exempt all that is alive now from garbage collection; to be called once, after the start.

    What is replaced later is freed all the same, unless it is part of a cycle.
    """
    gc.collect()
    gc.freeze()
