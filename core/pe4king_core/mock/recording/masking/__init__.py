"""What is secret or personal in requests and answers, and what is written instead.

Uses nothing of the other rooms but `mock/exchange`: whoever else has to mask texts may use it.
"""
