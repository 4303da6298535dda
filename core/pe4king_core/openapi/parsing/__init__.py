"""Text to data: parsers with their limits, encodings, what a text looks like."""
