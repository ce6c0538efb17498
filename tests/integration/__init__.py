"""Whole programs and real sockets together."""
