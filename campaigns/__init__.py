"""Pure rules: what may be said to whom, when and by which channel."""
