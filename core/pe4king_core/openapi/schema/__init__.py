"""Schemas: keywords, merged views, validity of values."""
