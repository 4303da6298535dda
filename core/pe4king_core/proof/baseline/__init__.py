"""Baselines: the conforming server told to give what a user's own test asserts already."""
