"""Tests of the client's services against real files, sockets and processes."""
