"""The parsed kits of this process, by digest.

A kit never changes under its digest, and parsing one takes milliseconds: it is parsed once a process, whether the store
or a workflow needs it. `store/kits.py` fills this; workflows, which have no access to the store, read from it.
"""

from collections import OrderedDict
from threading import Lock

from domain.kit.kit import Kit

_MOST = 256
"""Far more than programs have versions under way, of some 250 kB each. A dropped kit is read again when needed."""


class KitCache:
    """The kits that were used last, `most` of them. Safe to use from any thread."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kits: OrderedDict[str, Kit] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str) -> Kit | None:
        with self._lock:
            kit = self._kits.get(digest)
            if kit is not None:
                self._kits.move_to_end(digest)
            return kit

    def keep(self, digest: str, kit: Kit) -> Kit:
        """Returns the kit that is kept: an equal one, if another thread was faster."""
        with self._lock:
            kept = self._kits.setdefault(digest, kit)
            self._kits.move_to_end(digest)
            if len(self._kits) > self._most:
                self._kits.popitem(last=False)
            return kept

    def clear(self) -> None:
        with self._lock:
            self._kits.clear()


PARSED = KitCache()
