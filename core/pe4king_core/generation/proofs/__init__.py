"""Whether a value or a changed request is certainly invalid, or certainly valid."""
