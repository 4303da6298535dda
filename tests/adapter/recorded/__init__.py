"""Recorded exchanges with real providers, read by our codecs and by the vendors' own libraries."""
