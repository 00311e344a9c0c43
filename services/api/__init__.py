"""HTTP: callbacks, events, health, metrics."""
