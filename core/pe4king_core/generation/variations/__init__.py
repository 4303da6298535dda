"""Changes to valid requests: those that are provably forbidden, and those provably allowed."""
