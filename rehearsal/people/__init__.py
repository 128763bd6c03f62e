"""Models of how learners and mentors behave: a file each."""
