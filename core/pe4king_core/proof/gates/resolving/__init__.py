"""Whether what a proposal names exists in the user's own environment; no code of theirs is run.

Python is looked up in files: modules on the interpreter's path, attributes in their source.
Java is asked of `javac`, without annotation processors, which would run code.
"""
