"""Programs rehearsed: simulated or past people meet the very rules that run real journeys, without a server."""
