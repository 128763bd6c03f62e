"""The measures of a program: defined once, counted, and set beside each other."""
