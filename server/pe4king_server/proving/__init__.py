"""Proving the tests of a workspace: which files, with which environment, against which APIs."""
