"""How the backend keeps things: tables, one writer that commits in groups, short reads, migrations."""
