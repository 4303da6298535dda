"""Test models and facts to source text; one module per format in `formats/`."""
