"""Real servers without an installation: PostgreSQL and Temporal, from wheels, keeping their data in a folder.

They know nothing of mentoring. A server outlives the process that started it, on purpose: the next process finds it by
its folder, attaches to it, and may stop it.
"""
