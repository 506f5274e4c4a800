"""Numbers found to be one consumer's: which belong together, and how one is taken out again.

Each merge remembers what was known of the consumer that was merged, and what the kept one got from
it. The kept one may have been merged into a third since; then both are remembered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from domain.consumers.profile import Profile, without


@dataclass(frozen=True)
class Merge:
    """A consumer that was merged with the kept one. `filled`: what that one got from it."""

    merged: UUID
    kept: UUID
    profile: Profile
    filled: tuple[str, ...]


Merges = Mapping[UUID, Merge]
"""The merges that hold, by the consumer that was merged."""


@dataclass(frozen=True)
class Parted:
    """What holds once a merge is undone. `own`: of those who go, `stays`: of those who stay.

    `above`: later merges of the kept one, without what it had from the parted one.
    """

    who: frozenset[UUID]
    own: Profile
    stays: Profile
    above: Merges


def parted(merges: Merges, consumer: UUID, profile: Profile) -> Parted:
    """Take a merged consumer out again. `profile`: what holds for all of them now."""
    merge = merges[consumer]
    names, above, target = merge.filled, {}, merge.kept
    while (up := merges.get(target)) is not None:
        rest = without(up.profile, names, merge.profile)
        names = tuple(name for name in rest.filled if name in up.filled)
        left = tuple(name for name in up.filled if name not in names)
        above[target] = replace(up, profile=rest.profile, filled=left)
        target = up.kept
    stays = without(profile, names, merge.profile).profile
    return Parted(frozenset(_with(merges, consumer)), merge.profile, stays, above)


def _with(merges: Merges, consumer: UUID) -> set[UUID]:
    """Return a consumer and all that were merged into it, directly or not."""
    found = {consumer}
    while more := {one.merged for one in merges.values() if one.kept in found} - found:
        found |= more
    return found
