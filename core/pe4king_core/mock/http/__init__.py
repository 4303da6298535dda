"""HTTP on loopback around the services of documents."""
