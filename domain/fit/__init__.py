"""How well a learner and a mentor suit each other, criterion by criterion, and the rules that keep them apart.

In reading order: sides, what is seen of both; terms, what the kit and the day say; comparison, what criteria and rules
have in common; words and hours, how those are compared; criteria/ and rules/, a file each; wishes.
"""
