"""The rules of a journey, one file for each part of it. `domain.journey.decide` leads to them."""
