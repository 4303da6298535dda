"""Recorded answers of a real server, and the file that keeps them."""
