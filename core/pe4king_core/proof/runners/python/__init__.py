"""pytest in the user's own environment: what it is started with, and what happens inside it."""
