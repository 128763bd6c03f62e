"""The models of learners fitted to data, and held against data that they have not seen."""
