"""What was agreed, and how anyone can check it: types, canonical form, signatures, offline verifier.

Imports neither the client nor the backend, no Qt and no HTTP; both programs import this package, so the
bytes that one side hashes are by construction the bytes that the other side hashes.
"""

__version__ = "0.1.0"
