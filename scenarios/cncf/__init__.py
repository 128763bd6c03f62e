"""A term of CNCF's mentoring as a scenario: its mentors and projects as the tables have them, and invented applicants.

In reading order: tables, applicants, rounds (who gets whom), stories (what they do in the term), conversion.
"""
