"""The built-in providers, found by `registry.py`: the module's name is the provider's type.

A provider module has one function, `create(config: LlmProviderConfig) -> LlmProvider`.
"""
