"""A runner for each language: starts its test runner once, and runs tests as they are asked for."""
