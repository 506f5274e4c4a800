"""Merges of merges: whichever is undone, everybody has what is theirs."""

from uuid import UUID

from domain.consumers.merges import Merge, parted
from domain.consumers.profile import Profile, combined

A, B, C = (UUID(int=number) for number in (1, 2, 3))
OF = {
    A: Profile(name="Mia"),
    B: Profile(email="mia@acme.example"),
    C: Profile(note="Prefers mornings."),
}


def b_into_a_into_c() -> tuple[dict[UUID, Merge], Profile]:
    first = combined(OF[A], OF[B])
    second = combined(OF[C], first.profile)
    merges = {
        B: Merge(B, A, OF[B], first.filled),
        A: Merge(A, C, first.profile, second.filled),
    }
    return merges, second.profile


def test_the_later_merge_undone_takes_the_earlier_one_along() -> None:
    merges, whole = b_into_a_into_c()
    apart = parted(merges, A, whole)
    assert apart.who == {A, B}
    assert apart.own == Profile(name="Mia", email="mia@acme.example")
    assert apart.stays == OF[C]
    assert apart.above == {}


def test_the_earlier_merge_undone_leaves_nothing_of_it_anywhere() -> None:
    merges, whole = b_into_a_into_c()
    apart = parted(merges, B, whole)
    assert (set(apart.who), apart.own) == ({B}, OF[B])
    assert apart.stays == Profile(name="Mia", note="Prefers mornings.")
    assert apart.above[A] == Merge(A, C, OF[A], ("name",))
    later = parted({A: apart.above[A]}, A, apart.stays)
    assert (later.own, later.stays) == (OF[A], OF[C])
