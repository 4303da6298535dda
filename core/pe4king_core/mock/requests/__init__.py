"""What a request means: its operation, its values, what is wrong with it."""
