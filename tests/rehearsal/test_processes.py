"""Several processes: the same figures as one, and none of them left behind when one is lost."""

import multiprocessing
from pathlib import Path

import pytest

from kits.loading import load_kit
from rehearsal.processes import Alone, PlayerLostError, players
from rehearsal.replicating import Terms, replicate

JOB_READY = Path(__file__).parents[2] / "programs" / "job-ready"
TERMS = Terms(learners=10, mentors=2, weeks=6, seed=3)


def test_two_processes_play_the_same_and_a_killed_one_is_said() -> None:
    kit = load_kit(JOB_READY)
    alone = replicate(kit, TERMS, 0, Alone()).played
    with players(2) as those:
        together = replicate(kit, TERMS, 0, those).played
        assert (together.tallies, together.weeks) == (alone.tallies, alone.weeks)
        multiprocessing.active_children()[0].kill()
        with pytest.raises(PlayerLostError, match=r"killed by signal 9.*no report.*fewer --processes"):
            replicate(kit, TERMS, 1, those)
    assert not multiprocessing.active_children()
