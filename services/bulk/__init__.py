"""Bulk actions: the same for many journeys, planned first, then carried out by a workflow.

In reading order: selecting (which journeys), foretelling (what would come of it), planning (a plan, frozen until
somebody confirms it), entering (journeys of learners in a file), steering (begin, pause, resume, stop, look).
"""

from services.bulk.planning import Message, MoveToKit, Order, Plan, Reassign, Send, plan
from services.bulk.steering import Bulks, BulkShown

__all__ = ["BulkShown", "Bulks", "Message", "MoveToKit", "Order", "Plan", "Reassign", "Send", "plan"]
