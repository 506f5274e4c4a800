"""The list: what was found, or what is wrong with what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.history_cursors import read_place, written_place
from api.schemas.history import HistoryHit
from domain.errors import DomainError, Invalid, NotAllowed, NumberInvalid
from domain.exporting.kinds import ExportKind
from domain.searching.words import MOST_SOUGHT, places_of, sought_in
from services.history import looking
from services.history.columns import COLUMNS, Column
from services.history.filters import HistoryFilters
from web.export_links import export_link
from web.frame import Frame
from web.history.sought import Sought, wrong
from web.words import said

LISTED = 50


@dataclass(frozen=True)
class Sorting:
    """How a column sorts: the address that sorts by it, and how it sorts now, if it does."""

    address: str
    now: str | None


@dataclass(frozen=True)
class Listing:
    """A page of the list. `problems`: by the names of their fields; empty: the whole of it."""

    hits: Sequence[HistoryHit] = ()
    following: str | None = None
    is_complete: bool = True
    problems: Mapping[str, str] = field(default_factory=dict)
    refusal: str | None = None
    is_forbidden: bool = False
    """It was refused to this reader; others may look for it."""
    is_beyond: bool = False
    """It is not the first page."""
    export: str | None = None
    """Where an export of all of it begins, for those who may export."""

    @property
    def is_nothing(self) -> bool:
        """Say whether there is nothing at all, for certain."""
        found_or_not_known = self.hits or self.is_beyond or self.is_wrong
        return self.is_complete and not found_or_not_known

    @property
    def is_wrong(self) -> bool:
        """Say whether nothing was looked for."""
        return bool(self.problems) or self.refusal is not None


async def load_listing(frame: Frame, sought: Sought) -> Listing:
    """Return what is found, or what is wrong beside the field that is wrong."""
    try:
        return await _found(frame, sought, sought.filters())
    except NotAllowed as error:
        return Listing(refusal=said(error.detail), is_forbidden=True)
    except (Invalid, NumberInvalid) as error:
        beside = wrong(error)
        return Listing(problems=beside, refusal=None if beside else said(error.detail))


async def _found(frame: Frame, sought: Sought, filters: HistoryFilters) -> Listing:
    after = read_place(sought.get("cursor") or None, filters.order)
    found = await looking.listed(frame.caller, frame.session, filters, after=after, limit=LISTED)
    hits = [HistoryHit.of(one) for one in found.hits]
    cursor = written_place(found.following, filters.order)
    following = sought.page_after(cursor) if cursor else None
    export = export_link(ExportKind.conversations, filters) if frame.own.supervises else None
    return Listing(hits, following, found.is_complete, is_beyond=after is not None, export=export)


async def counted(frame: Frame, sought: Sought) -> int | None:
    """Return how many there are, 1000 for so many or more; None: there was no time to count."""
    try:
        return await looking.count(frame.caller, frame.session, sought.filters())
    except NotAllowed:
        raise
    except DomainError:
        return None


def sortings(sought: Sought) -> Mapping[Column, Sorting]:
    """Return how columns sort: the one that sorts now turns round."""
    now, is_up = sought.get("sort") or "opened", sought.get("direction") == "up"
    found = {}
    for one in COLUMNS:
        if one.sort is not None:
            turns_up = one.sort == now and not is_up
            direction = "up" if turns_up else None
            address = sought.address(
                "cursor", "back", "open", sort=str(one.sort), direction=direction
            )
            found[one.column] = Sorting(address, _sorted_now(is_up) if one.sort == now else None)
    return found


def _sorted_now(is_up: bool) -> str:
    return "ascending" if is_up else "descending"


def has_too_many_words(words: str) -> bool:
    """Say whether some of the words do not count."""
    return len({*places_of(words)}) > MOST_SOUGHT


def has_no_words(words: str) -> bool:
    """Say whether there are signs alone, which are in no index."""
    return bool(words) and not sought_in(words)
