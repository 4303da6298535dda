"""Proving: tests are run against the served API, conforming and with seeded faults, and judged."""
