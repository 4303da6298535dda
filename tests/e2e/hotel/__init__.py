"""A hotel service written with FastAPI: the second real service that generated tests run against.

Its document is the one that FastAPI makes from the code. Requests are read strictly, as the
document says: where pydantic would coerce (a number for a date, "1" for an integer), it refuses.
"""
