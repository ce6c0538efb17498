"""`python -m consent_backend COMMAND`: serve, keys, release, publish, withdraw, documents, technician."""

import sys

from consent_backend.cli.main import main

sys.exit(main())
