"""Campaigns on a fake clock: the real planning, law, choice and words over a portfolio, without sending."""
