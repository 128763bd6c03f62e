"""The pure player: a scenario on `domain/` alone, by a virtual clock."""
