"""Tests of the record package: canonical form, keys, receipts, verifier, codes, types."""
