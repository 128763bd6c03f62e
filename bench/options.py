"""The command line of a benchmark. It is read before anything starts: `--help` and wrong options start no server."""

import argparse
import sys


def parser() -> argparse.ArgumentParser:
    """With the option that all of them have. Its help is the docstring of the module that was run."""
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
    """Whether a short look is enough. Ends the process on `--help` and on an option that there is not."""
    return bool(parser().parse_args().quick)
