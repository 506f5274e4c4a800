"""The order of delivery statuses."""

from itertools import pairwise

from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import LOOKED_UP, NOT_YET_SENT, RANKS, UNSENT, below, is_final

NO_DELIVERY = {MessageStatus.received, MessageStatus.written}


def test_every_status_of_a_text_of_ours_has_a_rank() -> None:
    assert set(MessageStatus) - NO_DELIVERY == set(RANKS)


def test_a_status_rises_from_every_lower_one_and_a_final_one_stays() -> None:
    queued, *later = RANKS
    assert below(queued) == ()
    for one, other in pairwise(later):
        assert set(below(one)) <= set(below(other))
    finals = [status for status in RANKS if is_final(status)]
    assert len(finals) == 3
    assert not any(status in below(other) for status in finals for other in RANKS)


def test_nothing_final_is_sent_waited_for_or_asked_about() -> None:
    assert not any(is_final(status) for status in {*UNSENT, *NOT_YET_SENT, *LOOKED_UP})
    assert {*UNSENT, *LOOKED_UP} == {status for status in RANKS if not is_final(status)}
