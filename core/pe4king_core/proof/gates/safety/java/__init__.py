"""Dangers in Java, one module for each kind."""
