"""Automated calls: who is asked for first, what they may then hear, and which keys do what."""
