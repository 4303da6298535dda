"""Prompts and test templates as data; every file here may be overridden by the user."""
