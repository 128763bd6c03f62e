"""The report of a rehearsal: a file that is opened by itself."""

from pathlib import Path

from kits.loading import load_kit
from kits.setting import with_values
from rehearsal.processes import Alone
from rehearsal.rehearsing import Policy, rehearse_policies
from rehearsal.replicating import Terms
from tests.browser.looking import Looking

JOB_READY = Path(__file__).parents[2] / "programs" / "job-ready"


async def test_the_report_can_be_read_by_everybody(looking: Looking, tmp_path: Path) -> None:
    kit = load_kit(JOB_READY)
    other = Policy("capacity.learners_per_mentor=1", with_values(kit, ("capacity.learners_per_mentor=1",)))
    terms = Terms(learners=12, mentors=2, weeks=9)
    done = rehearse_policies([Policy("job-ready", kit), other], terms, Alone(), replications=2)
    page = tmp_path / "report.html"
    page.write_text(done.html)
    await looking.at(page.as_uri())
