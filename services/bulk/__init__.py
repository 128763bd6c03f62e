"""Bulk actions: the same for many journeys, planned first, then carried out by a workflow.

In reading order: selecting (which journeys), foretelling (what would come of it), planning (a plan, frozen until
somebody confirms it), expecting (what would come of such a plan now), entering (journeys of learners in a file),
beginning (journeys of learners who have places), steering (begin, pause, resume, stop, look).
"""

from services.bulk.beginning import Beginning, started_of
from services.bulk.entering import Entry, enter, foretell_entry
from services.bulk.expecting import expected
from services.bulk.planning import BulkPlan, MoveAllToKit, Order, ReassignAll, SendToAll, WriteToAll, plan, require_same
from services.bulk.steering import BulkRecords, Bulks, BulkShown, NoSuchBulk, NoSuchPlan

__all__ = [
    "Beginning",
    "BulkPlan",
    "BulkRecords",
    "BulkShown",
    "Bulks",
    "Entry",
    "MoveAllToKit",
    "NoSuchBulk",
    "NoSuchPlan",
    "Order",
    "ReassignAll",
    "SendToAll",
    "WriteToAll",
    "enter",
    "expected",
    "foretell_entry",
    "plan",
    "require_same",
    "started_of",
]
