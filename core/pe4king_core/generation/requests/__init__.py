"""Valid requests, and the bodies they send."""
