"""Documents by units: how a text is cut, read, and read again after an edit."""
