"""What a manager of teams sees to: their teams' skills and people, instead of the whole account."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Led:
    """Ids of the skills and of the people of all teams that a manager is in, themself included."""

    skills: frozenset[str]
    people: frozenset[str]

    def has(self, skill_id: str | None, people: Collection[str | None]) -> bool:
        """Say whether a conversation is theirs to see to.

        `skill_id`: its skill. `people`: who has it, and to whom it is offered or transferred.
        """
        return skill_id in self.skills or not self.people.isdisjoint(people)
