"""Resolution of settings: the most specific one holds, and the result names what it passed over.

Workflow, pages and API all use the `value` of the same `Resolved`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from domain.settings.scope import EVERYWHERE, Origin, Scope, generality

T = TypeVar("T")
Rank = tuple[int, ...]
"""The setting with the least rank holds."""


class PassedOverReason(StrEnum):
    """Why a setting was passed over."""

    less_specific = "less_specific"
    """Another setting comes first, by its scope or its language."""
    other_language = "other_language"
    """It is in a language that this conversation does not use."""


@dataclass(frozen=True)
class Source:
    """Who set a value. `id`: the row's, if it can be removed. `language`: a text's."""

    origin: Origin = Origin.default
    scope: Scope = EVERYWHERE
    id: int | None = None
    language: str | None = None

    @classmethod
    def of(cls, scope: Scope, id: int | None = None, language: str | None = None) -> "Source":
        return cls(scope.origin, scope, id, language)


PRODUCT = Source()


@dataclass(frozen=True)
class Setting(Generic[T]):
    """A value that somebody set, and where."""

    value: T
    source: Source


@dataclass(frozen=True)
class PassedOver:
    """A setting that does not hold."""

    source: Source
    because: PassedOverReason


@dataclass(frozen=True)
class Resolved(Generic[T]):
    """The value that holds, who set it, and the settings passed over, best first."""

    value: T
    source: Source = PRODUCT
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def origin(self) -> Origin:
        return self.source.origin


def specific(source: Source) -> Rank:
    """Return the rank of a setting by its scope: line, then skill or connector, then account."""
    return (generality(source.scope),)


def resolve(
    settings: Iterable[Setting[T]], default: T, rank: Callable[[Source], Rank] = specific
) -> Resolved[T]:
    """Return the best ranked of settings that all reach, or `default` if there are none."""
    ordered = sorted(settings, key=lambda setting: rank(setting.source))
    if not ordered:
        return Resolved(default)
    holds, *others = ordered
    passed_over = (PassedOver(other.source, PassedOverReason.less_specific) for other in others)
    return Resolved(holds.value, holds.source, tuple(passed_over))


def of_skill_or_account(
    skill_id: str, of_skill: T | None, of_account: T | None, default: T
) -> Resolved[T]:
    """Resolve a value that a skill or an account may set; None: not set."""
    of = {Scope(skill_id=skill_id): of_skill, EVERYWHERE: of_account}
    known = [Setting(value, Source.of(scope)) for scope, value in of.items() if value is not None]
    return resolve(known, default)
