"""The reports of a rehearsal and of a backtest: files that are opened by themselves."""

from pathlib import Path

from kits.loading import load_kit
from kits.setting import with_values
from rehearsal.backtest.comparing import compared
from rehearsal.backtest.crowd import Crowd
from rehearsal.backtest.page import page
from rehearsal.backtest.study import backtest
from rehearsal.processes import Alone
from rehearsal.rehearsing import Policy, rehearse_policies
from rehearsal.replicating import Terms
from tests.browser.looking import Looking
from tests.rehearsal.backtest.courses import history

PROGRAMS = Path(__file__).parents[2] / "programs"
JOB_READY, OPEN_SOURCE = PROGRAMS / "job-ready", PROGRAMS / "open-source-term"


async def test_the_report_can_be_read_by_everybody(looking: Looking, tmp_path: Path) -> None:
    kit = load_kit(JOB_READY)
    other = Policy("capacity.learners_per_mentor=1", with_values(kit, ("capacity.learners_per_mentor=1",)))
    terms = Terms(learners=12, mentors=2, weeks=9)
    done = rehearse_policies([Policy("job-ready", kit), other], terms, Alone(), replications=2)
    file = tmp_path / "report.html"
    file.write_text(done.html)
    await looking.at(file.as_uri())


async def test_the_report_of_a_backtest_can_be_read_by_everybody(looking: Looking, tmp_path: Path) -> None:
    kit, past = load_kit(OPEN_SOURCE), history(150)
    changed = with_values(kit, ("escalations.quiet.when.no_activity_for=10 days",))
    found = backtest(kit, past, days=[14, 28])
    differences = compared(kit, changed, Crowd.of(past.courses[1:]), found.days)
    file = tmp_path / "backtest.html"
    file.write_text(page(found, differences, 1.0))
    await looking.at(file.as_uri())
