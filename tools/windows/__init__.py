"""A Windows Python under wine that runs this project's tests; assembled from packages, never committed."""
