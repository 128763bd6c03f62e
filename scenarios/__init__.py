"""Scenarios: a kit, people, and what they did when. Written, read, and played on servers with a skipping clock."""
