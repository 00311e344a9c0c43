"""The processes: settings, wiring, store, ingest, dispatch, relay, upkeep, api, cli."""
