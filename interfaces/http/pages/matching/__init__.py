"""The pages of matching: the rounds of a program, the draft of one, and why a learner gets whom."""
