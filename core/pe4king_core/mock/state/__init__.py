"""The things that an API keeps, as far as a document tells."""
