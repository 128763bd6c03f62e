"""Values of a kit set by their paths, to try them out."""

from datetime import timedelta
from pathlib import Path

import pytest

from kits.loading import load_kit
from kits.setting import SettingError, with_values

KIT = load_kit(Path(__file__).resolve().parents[2] / "programs" / "job-ready")


def test_values_are_set_and_the_rest_stays() -> None:
    kit = with_values(KIT, ["escalations.quiet.when.no_activity_for=10 days", "capacity.learners_per_mentor=3"])
    assert kit.escalation("quiet").when.earliest == timedelta(days=10)
    assert kit.capacity.learners_per_mentor == 3
    assert kit.digest != KIT.digest
    assert with_values(KIT, []).digest == KIT.digest


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("x", "is not PATH=VALUE"),
        ("=3", "is not PATH=VALUE"),
        (
            "escalations.quit.when.no_activity_for=3 days",
            "no 'quit' in escalations of this kit; there are: quiet, two-missed",
        ),
        ("escalations.quiet.when.no_activity_for=ten", "'ten' is not a duration"),
        ("escalations.quiet.when.nonsense=1", "nonsense"),
        ("service_levels.match.deep=1", "there is nothing below it"),
        ("escalations.quiet.when.no_activity_for=[", "not YAML"),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(setting: str, says: str) -> None:
    with pytest.raises(SettingError, match=says):
        with_values(KIT, [setting])
