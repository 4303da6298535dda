"""Findings of a document: faults as they are found, and the report made of them."""
