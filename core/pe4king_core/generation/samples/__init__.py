"""Values for schemas that look like the real thing."""
