"""Answers that a document allows: values, media types, headers."""
