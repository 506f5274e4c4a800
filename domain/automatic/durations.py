"""Durations in the words of each supported language."""

from dataclasses import dataclass
from datetime import timedelta

from domain.automatic.texts.defaults import units
from domain.languages import DEFAULT


@dataclass(frozen=True)
class Spell:
    """A duration in words: its two largest units, cut and not rounded.

    The words are of the supported language nearest to `language`, in the form used without a
    preposition: German `2 Tage`.
    """

    duration: timedelta
    language: str = DEFAULT

    def __str__(self) -> str:
        named = units(self.language)
        seconds = max(int(self.duration.total_seconds()), 0)
        counts = [(seconds // 86400, named.days), (seconds % 86400 // 3600, named.hours)]
        counts += [(seconds % 3600 // 60, named.minutes), (seconds % 60, named.seconds)]
        first = next((index for index, (count, _) in enumerate(counts) if count), len(counts) - 1)
        return named.join.join(
            f"{count} {forms[0 if named.is_singular(count) else 1]}"
            for count, forms in counts[first : first + 2]
            if count or not seconds
        )
