"""What figures can say: intervals, differences, what stands out, agreement, limits. Numbers in, numbers out.

It knows nothing of programs, views or people. Every function is checked against a library or a published example, and
the coverage of every interval by simulation.
"""
