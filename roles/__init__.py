"""What a process of Trellis can do: a file for each role, which says what runs and what that holds for itself.

In reading order: role (their names), part (what a role is made of), workers (what all workers of Temporal share), then
the roles.
"""
