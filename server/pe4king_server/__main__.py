"""`python -m pe4king_server` is the command `pe4king`."""

from pe4king_server.cli import main

raise SystemExit(main())
