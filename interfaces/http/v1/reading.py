"""What operations share that read: which programs a caller sees."""

from domain.access import Caller
from domain.ids import ProgramId
from interfaces.http.access import require_program
from interfaces.http.refusals import Declined


def one_program(caller: Caller, program: str | None) -> str | None:
    """The program to look at; None: all of them, for a caller who may use all.

    Raises:
        NotFound: when the caller may not use it.
        Declined: when none is named and the caller may use some alone, unless that is one.
    """
    if program is not None:
        require_program(caller, ProgramId(program))
        return program
    if caller.programs is None:
        return None
    if len(caller.programs) == 1:
        return next(iter(caller.programs))
    says = f"Name the program: your key is for {', '.join(sorted(caller.programs)) or 'none'}."
    raise Declined(422, "program_required", says)
