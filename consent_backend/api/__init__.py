"""The HTTP interface under /v1: reads a request, runs one act, answers with a type of consent_record."""
