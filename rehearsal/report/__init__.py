"""What a rehearsal says: figures, intervals, and a page to read."""
