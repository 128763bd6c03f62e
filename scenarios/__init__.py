"""Scenarios: a kit, people, what they did and when. Written, read, and played on real servers with clocks that skip."""
