"""What every answer of an operation must have: facts, and groups of them by named schema."""
