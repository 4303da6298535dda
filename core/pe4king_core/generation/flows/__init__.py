"""Which calls make what another call needs, and how it is removed again."""
