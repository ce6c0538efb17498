"""Tests of the backend over real sockets, with the real process and the real database."""
