"""The one way in which settings are resolved: the most specific one holds, and it says so.

What is sent, shown on pages and answered by the API is the `value` of the same `Resolved`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from domain.settings.scope import EVERYWHERE, Origin, Scope, generality

T = TypeVar("T")
Rank = tuple[int, ...]
"""The least one holds."""


class Because(StrEnum):
    """Why a setting was passed over."""

    less_specific = "less_specific"
    """Another one comes first, by what it is for or by its language."""
    other_language = "other_language"
    """It is in a language that is not read here."""


@dataclass(frozen=True)
class Source:
    """Who set a value. `id` is of the row, where one can be removed; `language` of a text."""

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
    """A value that somebody set."""

    value: T
    source: Source


@dataclass(frozen=True)
class PassedOver:
    """A setting that does not hold."""

    source: Source
    because: Because


@dataclass(frozen=True)
class Resolved(Generic[T]):
    """A value that holds, who set it, and what else was set, the next to hold first."""

    value: T
    source: Source = PRODUCT
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def origin(self) -> Origin:
        return self.source.origin


def specific(source: Source) -> Rank:
    """Return the rank of a setting by what it is for: a line's, a skill's, the account's."""
    return (generality(source.scope),)


def resolve(
    settings: Iterable[Setting[T]], default: T, rank: Callable[[Source], Rank] = specific
) -> Resolved[T]:
    """Return the first of settings that all reach, or the product's default without any."""
    ordered = sorted(settings, key=lambda one: rank(one.source))
    if not ordered:
        return Resolved(default)
    holds, *others = ordered
    passed = (PassedOver(one.source, Because.less_specific) for one in others)
    return Resolved(holds.value, holds.source, tuple(passed))


def of_skill_or_account(
    skill_id: str, of_skill: T | None, of_account: T, default: T
) -> Resolved[T]:
    """Resolve a value that skills and accounts have; None is not set."""
    of = {Scope(skill_id=skill_id): of_skill, EVERYWHERE: of_account}
    known = [Setting(value, Source.of(scope)) for scope, value in of.items() if value is not None]
    return resolve(known, default)
