"""Generated tests against servers that nobody here wrote, with their own documents.

`python -m tests.e2e.real_servers` (or `make real`) installs and starts PowerDNS, Kinto and Chroma,
reads their documents, generates, runs to the end and says of every failure what it is: a true
disagreement between server and document, as an independent validator sees it, or unexplained.
"""
