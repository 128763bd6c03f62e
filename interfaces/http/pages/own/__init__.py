"""The small pages of learners and mentors, which they reach by the link in their letters: no account, no script."""
