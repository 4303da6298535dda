"""Whether what a proposal wrote does nothing but call the API and look at its answers.

Both languages are read as syntax trees against allow-lists. What is on none of them is a failure
where it could do harm (a module of the standard library, a name that runs code) and a warning
where it is merely unknown (a library that we have not heard of).
"""
