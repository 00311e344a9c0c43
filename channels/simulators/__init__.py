"""Stand-ins for providers on loopback, for the demo, rehearsals, tests and load."""
