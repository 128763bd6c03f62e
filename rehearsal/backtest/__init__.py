"""Rules of escalation tried on people of the past."""
