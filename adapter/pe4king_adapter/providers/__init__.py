"""The built-in providers, found by `registry.py`: the module's name is the provider's type.

A provider module has its `PROFILE` and `create(config, tools) -> LlmProvider`; whatever takes
time to import is imported there, because profiles are read to list what can be chosen.
"""
