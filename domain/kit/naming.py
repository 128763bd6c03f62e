"""What to say about an unknown name: which one was probably meant, or which ones there are."""

import difflib
from collections.abc import Iterable
from itertools import islice

_LISTED = 12
_COMPARED = 200
_LONGEST = 100


def unknown(what: str, name: str, known: Iterable[str], of: str | None = None) -> str:
    """`there is no template 'note'; did you mean 'notes'?`, or all that there are if none is similar."""
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
    """The most similar name, ignoring case. Of very many, only those with the same first letter are compared."""
    wanted = name[:_LONGEST].lower()
    folded = {one.lower(): one for one in names}
    if len(folded) > _COMPARED:
        folded = dict(islice(((low, one) for low, one in folded.items() if low[:1] == wanted[:1]), _COMPARED))
    near = difflib.get_close_matches(wanted, folded, n=1)
    return folded[near[0]] if near else None
