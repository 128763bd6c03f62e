"""`trellis mentor join`, `trellis mentor remove`: which programs a mentor belongs to."""

from interfaces.cli.mentor.arguments import TheMentor, say
from interfaces.cli.options import By, Json, Program
from interfaces.cli.reaching import api


def join(program: Program, mentor: TheMentor, *, by: By = "ops", json: Json = False) -> None:
    """Let learners of a program be matched with a mentor.

    From then on the mentor is there for the programs that they have joined, and for no others.
    """
    with api() as trellis:
        say(trellis.join_program(program, mentor, by=by), json=json)


def remove(program: Program, mentor: TheMentor, *, by: By = "ops", json: Json = False) -> None:
    """Keep learners of a program from being matched with a mentor.

    Learners whom the mentor has stay with them: use `trellis send JOURNEY release_mentor` for that. Exit code 1: nobody
    has said to which programs the mentor belongs.
    """
    with api() as trellis:
        say(trellis.leave_program(program, mentor, by=by), json=json)
