"""Providers: one file per provider and channel, one contract for all."""
