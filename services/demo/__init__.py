"""`puntual demo`: a small portfolio, the real pipeline, simulated providers, and the story told on a screen."""
