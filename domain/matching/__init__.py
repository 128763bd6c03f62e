"""Who gets which mentor: the best assignment for everybody who waits, with its proof and its explanation."""
