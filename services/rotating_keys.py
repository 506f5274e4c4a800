"""Encrypts every stored secret with the first key, so that older keys can be removed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from database.auditing.acting import ACTING, Acting
from database.engine import Sessions
from database.queries import sealed
from database.queries.sealed import Place, Sealed
from domain.settings.auditing import Door
from security.secrets import Resealer, SecretUnreadable
from services.installation import Installation

Told = Callable[[Place, "Rotated"], None]


@dataclass
class Rotated:
    """What became of the secrets of one column."""

    current: int = 0
    """Encrypted with the first key already."""
    done: int = 0
    """Encrypted anew; when it is only tried, those that would be."""
    changed: int = 0
    """Changed by somebody else meanwhile: the next run looks at them."""
    unreadable: list[str] = field(default_factory=list)
    """Rows whose secret no key decrypts, by their primary keys."""


async def rotate(
    by: Installation, sessions: Sessions, resealer: Resealer, *, told: Told, is_trial: bool
) -> Sequence[Rotated]:
    """Encrypt all secrets anew, in batches, each of which is kept whatever happens after it.

    It may run while everything works, twice at once, and again after it was killed: what is done
    is recognised. `told`: called after each column. `is_trial`: count, and change nothing.
    """
    ACTING.set(Acting(by.id, door=Door.command_line))
    every = []
    for place in sealed.places():
        rotated = Rotated()
        async for batch in sealed.batches(sessions, place):
            await _rotate(sessions, batch, resealer, rotated, is_trial=is_trial)
        told(place, rotated)
        every.append(rotated)
    return every


async def _rotate(
    sessions: Sessions,
    batch: Sequence[Sealed],
    resealer: Resealer,
    rotated: Rotated,
    *,
    is_trial: bool,
) -> None:
    anew = dict(_resealed(batch, resealer, rotated))
    if is_trial or not anew:
        rotated.done += len(anew)
        return
    async with sessions.begin() as session:
        results = Counter([await sealed.replace(session, one, anew[one]) for one in anew])
    rotated.done += results[True]
    rotated.changed += results[False]


def _resealed(
    batch: Sequence[Sealed], resealer: Resealer, rotated: Rotated
) -> Sequence[tuple[Sealed, bytes]]:
    anew = []
    for one in batch:
        try:
            token = resealer.reseal(one.token)
        except SecretUnreadable:
            rotated.unreadable.append("/".join(map(str, one.key)))
            continue
        if token is None:
            rotated.current += 1
        else:
            anew.append((one, token))
    return anew
