"""What calculates is loaded by whoever calculates: no process waits for scipy at its start."""

import subprocess
import sys


def test_nothing_loads_scipy_at_its_start() -> None:
    loaded = "import sys, interfaces.cli, interfaces.http.app, worker; print([m for m in SLOW if m in sys.modules])"
    slow = "SLOW = ('scipy', 'krippendorff', 'statsmodels', 'pandas'); "
    found = subprocess.run(
        [sys.executable, "-c", slow + loaded], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.strip() == "[]"
