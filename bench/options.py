"""The command line of a benchmark, parsed before anything starts: `--help` and wrong options start no server."""

import argparse
import sys


def parser() -> argparse.ArgumentParser:
    """A parser with the common option. Its help is the docstring of the module that was run."""
    main = sys.modules["__main__"]
    module = main.__spec__.name.removesuffix(".__main__") if main.__spec__ else sys.argv[0]
    made = argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=main.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--quick", action="store_true", help="a short look: the figures are rougher")
    return made


def quick() -> bool:
    """Whether `--quick` was given. Exits on `--help` and on an unknown option."""
    return bool(parser().parse_args().quick)
