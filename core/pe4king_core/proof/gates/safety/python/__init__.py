"""Dangers in Python, one module for each kind."""
