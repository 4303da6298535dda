"""Benchmarks of Pe4King: `python -m bench` lists them, `python -m bench NAME` runs one.

A benchmark is a module here with `run(arguments) -> int`; its docstring's first line says what it
measures, and the last line it prints is one JSON object for machines.
"""
