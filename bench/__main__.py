"""Every benchmark, one after the other, each in a process of its own: `python -m bench [--quick]`."""

import ast
import subprocess
import sys
from pathlib import Path


def _has_main(file: Path) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in ast.parse(file.read_text()).body)


def run() -> int:
    failed = []
    for file in sorted(Path(__file__).parent.glob("[!_]*.py")):
        if _has_main(file):
            print(f"\n# bench.{file.stem}", flush=True)
            done = subprocess.run([sys.executable, "-m", f"bench.{file.stem}", *sys.argv[1:]], check=False)
            failed += [file.stem] if done.returncode else []
    if failed:
        print(f"did not run through: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run())
