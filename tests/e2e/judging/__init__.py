"""Requests that tests really send, and what became of them, for the judge of `mock.contract`."""
