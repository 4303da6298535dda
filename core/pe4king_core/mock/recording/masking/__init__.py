"""What is secret or personal in requests and answers, and what is written instead.

Knows nothing of documents, files or the mock: whoever else has to mask texts may use it.
"""
