"""Rehearsals with people: the same figures however they are divided, capacity that holds, and the command."""

import errno
import json
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from domain.holding import JourneyAsHolder
from domain.kit import Kit
from interfaces.cli import main
from kits.loading import load_kit
from kits.setting import with_values
from rehearsal.player.program import Played, rehearse
from rehearsal.player.recording import Append
from rehearsal.player.share import Input, Moment, News
from rehearsal.processes import Alone
from rehearsal.rehearsing import Policy, rehearse_policies
from rehearsal.replicating import Terms, people_of, replicate
from rehearsal.report.asking import surveys
from rehearsal.report.breaking import breaks
from rehearsal.report.figures import funnel
from runtime.exits import Exit

JOB_READY = Path(__file__).parents[2] / "programs" / "job-ready"
TERMS = Terms(learners=16, mentors=3, weeks=9, seed=3)


@pytest.fixture(scope="module")
def kit() -> Kit:
    """So few learners form groups only where hardly anything is asked of them."""
    return with_values(load_kit(JOB_READY), ("cohorts.by=[]", "cohorts.common_hours=false", "cohorts.least=2"))


@pytest.fixture(scope="module")
def played(kit: Kit) -> Played:
    return replicate(kit, TERMS, 0, Alone()).played


class GoingAhead(Alone):
    """As processes do while they wait, as far as they ever get."""

    def advance(self, to: Moment, given: Sequence[Input], then: datetime | None) -> Sequence[News]:
        news = super().advance(to, given, then)
        if then:
            for share in self.shares:
                deque(share.ahead(to, then), maxlen=0)
        return news


@pytest.mark.parametrize("alone", [Alone, GoingAhead])
def test_the_shares_in_which_it_is_played_change_nothing(kit: Kit, played: Played, alone: type[Alone]) -> None:
    divided = replicate(kit, TERMS, 0, alone(shares=3)).played
    assert divided.tallies == played.tallies
    assert divided.weeks == played.weeks
    assert divided.surveys == played.surveys
    assert divided.groups == played.groups
    assert replicate(kit, TERMS, 1, Alone()).played.tallies != played.tallies
    assert replicate(kit, replace(TERMS, seed=4), 0, Alone()).played.tallies != played.tallies


@pytest.mark.parametrize("program", ["job-ready", "open-source-term"])
def test_what_mentors_are_not_told_again_would_change_nothing(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kit, terms = load_kit(JOB_READY.parent / program), replace(TERMS, weeks=16)
    people = people_of(kit, terms, 0)

    def told() -> list[Append]:
        found: list[Append] = []
        begins_at, until = terms.begins_at(kit), terms.ends_at(kit)
        shares = Alone().begin(kit, people)
        others = people()
        rehearse(kit, shares, others.mentors(), begins_at=begins_at, until=until, people=others, record=found.append)
        return found

    once = told()
    monkeypatch.setattr(JourneyAsHolder, "claim", lambda *_: object())
    assert told() == once
    assert {"FollowHolder", "ReservePlace"} <= {one.command for one in once}


def test_no_mentor_is_given_more_than_they_can_take(kit: Kit, played: Played) -> None:
    assert max(use.taken for week in played.weeks for use in week.use) <= kit.capacity.learners_per_mentor
    one = with_values(kit, ("capacity.learners_per_mentor=1", "capacity.overflow=wait"))
    few = replicate(one, TERMS, 0, Alone()).played
    assert max(use.taken for week in few.weeks for use in week.use) == 1
    assert sum(tally.matched_at is not None for tally in few.tallies) < sum(
        tally.matched_at is not None for tally in played.tallies
    )
    assert "learners find no mentor in a round of matching" in [found.what for found in breaks(one, few)]


def test_what_is_counted_of_journeys_hangs_together(played: Played) -> None:
    steps = funnel(played)
    assert steps[0].many == len(played.tallies) == TERMS.learners
    assert [one.many for one in steps[1:5]] == sorted((one.many for one in steps[1:5]), reverse=True)
    for one in played.tallies:
        assert (one.ending is None) == (one.closed_at is None)
        assert one.matched_at is None or (one.approved_at and one.matched_at >= one.approved_at)
        assert one.letters["learner"] == sum(one.weeks.values())
        assert one.refused <= 3
        assert all(case.answered_at is None or case.answered_at >= case.opened_at for case in one.cases)
    assert any(one.held for one in played.tallies)
    assert any(one.ending for one in played.tallies)


def test_people_are_asked_as_often_as_the_kit_allows(kit: Kit, played: Played) -> None:
    assert {one.of for one in surveys(kit, played) if one.answered} == {"learner", "mentor", "ops"}
    assert {what for _, what in played.surveys} >= {"asked", "reminded", "answered", "expired", "skipped: too_soon"}
    for one in surveys(kit, played):
        assert one.answered + one.closed <= one.asked
    seldom = with_values(kit, ("asking.least_gap=20 days", "asking.most=2"))
    asked = [
        sum(one.asked for one in surveys(kit, each)) for each in (played, replicate(seldom, TERMS, 0, Alone()).played)
    ]
    assert asked[1] < asked[0] / 2
    assert replicate(with_values(kit, ("surveys=[]",)), TERMS, 0, Alone()).played.surveys == {}


def test_groups_are_formed_and_record_once_for_all(kit: Kit, played: Played) -> None:
    done = played.groups
    assert done
    assert kit.cohorts
    assert done.formed * kit.cohorts.least <= done.members <= done.formed * kit.cohorts.most
    assert done.meetings
    assert done.came
    assert "journey_closed" in done.refused
    assert "wrong_stage" not in done.refused, "nobody is in a group whose sessions have not begun for them"
    assert done.not_formed == 0


def test_policies_meet_the_same_people_and_are_compared_in_pairs(kit: Kit) -> None:
    same, other = Policy("same", kit), Policy("longer", with_values(kit, ("intake.within=30 days",)))
    done = rehearse_policies([Policy("base", kit), same, other], TERMS, Alone(), replications=2)
    assert {one.interval.estimate for one in done.compared[0].differences} == {0.0}
    assert [len(one.differences) > 5 for one in done.compared] == [True, True]
    assert done.setup.replications == 2
    assert "<h1>Rehearsal of" in done.html


def test_the_command_writes_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--learners", "12", "--mentors", "3", "--weeks", "8", "--replications", "2", "--processes", "1")
    report = tmp_path / "report.html"

    def trellis(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["trellis", "rehearse", str(JOB_READY), *asked, *arguments])
        return main()

    monkeypatch.chdir(tmp_path)
    assert trellis("--report", str(report), "--json") == Exit.OK
    said = json.loads(capsys.readouterr().out)
    assert said["setup"]["replications"] == 2
    assert {"completion", "wait_p90", "overload"} <= said["figures"].keys()
    assert "What breaks first" in report.read_text()
    assert trellis("--set", "capacity.places=1") == Exit.BAD_INPUT
    assert "capacity.places" in capsys.readouterr().err
    assert trellis("--report", str(tmp_path)) == Exit.BAD_INPUT
    assert "name another file with --report" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.html"
    report.write_text("earlier")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    few = ("--learners", "3", "--mentors", "1", "--weeks", "3", "--replications", "1", "--processes", "1")
    monkeypatch.setattr(sys, "argv", ["trellis", "rehearse", str(JOB_READY), *few, "--report", str(report), "--json"])
    assert main() == Exit.FAILED
    said = capsys.readouterr()
    assert "No space left on device; name another file with --report" in said.err
    assert json.loads(said.out)["setup"]["learners"] == 3
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("report.html", "earlier")]
