"""Runs every benchmark in turn, each in its own process. `python -m bench.NAME` runs a single one."""

import ast
import subprocess
import sys
from pathlib import Path

from bench.options import parser
from runtime import ending


def benchmarks() -> list[str]:
    """The names of the modules here that have a `main`."""
    return [file.stem for file in sorted(Path(__file__).parent.glob("[!_]*.py")) if _has_main(file)]


def _has_main(file: Path) -> bool:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(node, functions) and node.name == "main" for node in ast.parse(file.read_text()).body)


def run() -> int:
    options = parser()
    options.epilog = f"the benchmarks: {', '.join(benchmarks())}"
    options.parse_args()
    failed = []
    for name in benchmarks():
        print(f"\n# bench.{name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"bench.{name}", *sys.argv[1:]], check=False)
        failed += [name] if done.returncode else []
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    ending.leave(run())
