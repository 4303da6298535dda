"""Where untrusted tests run: confined processes that can touch nothing but a scratch folder."""
