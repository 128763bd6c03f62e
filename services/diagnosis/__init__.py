"""Whether everything works, and if not, what a person can do about it: what `trellis doctor` says.

finding (what one line says), database (what Postgres knows), temporal (what Temporal knows), programs (kits and
schedules), doors (HTTP and keys), work (webhooks and bulk actions), machine (disk, clocks,
versions), examination (all of it), concerns (what readiness tells of it).
"""

from services.diagnosis.concerns import concerns
from services.diagnosis.examination import examine
from services.diagnosis.finding import Finding, State

__all__ = ["Finding", "State", "concerns", "examine"]
