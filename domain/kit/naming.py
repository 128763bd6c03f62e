"""What is said of a name that nothing has: what it was perhaps meant to be, and what there is."""

import difflib
from collections.abc import Iterable
from itertools import islice

_LISTED = 12
_COMPARED = 200
_LONGEST = 100


def unknown(what: str, name: str, known: Iterable[str], of: str | None = None) -> str:
    """`there is no template 'note'; did you mean 'notes'?`, or where nothing is near, all that there are."""
    names = sorted(known)
    where = f" of {of}" if of else ""
    return f"there is no {what} {name!r}{where}; {_remedy(name, names)}"


def _remedy(name: str, names: list[str]) -> str:
    near = nearest(name, names)
    if near:
        return f"did you mean {near!r}?"
    listed = ", ".join(names[:_LISTED]) + (" ..." if len(names) > _LISTED else "")
    return f"there are: {listed}" if names else "there are none"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Whatever its capitals. Among very many, only those that begin alike are compared."""
    wanted = name[:_LONGEST].lower()
    folded = {one.lower(): one for one in names}
    if len(folded) > _COMPARED:
        folded = dict(islice(((low, one) for low, one in folded.items() if low[:1] == wanted[:1]), _COMPARED))
    near = difflib.get_close_matches(wanted, folded, n=1)
    return folded[near[0]] if near else None
