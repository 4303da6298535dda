"""One seeded fault each: what a good test must notice."""
