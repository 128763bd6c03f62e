"""The pages on which a program is improved: complaints, proposals to change it, and its monthly reviews."""
