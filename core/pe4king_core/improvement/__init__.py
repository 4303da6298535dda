"""Facts without a model: what a test does not check yet, whether facts hold, explanations."""
