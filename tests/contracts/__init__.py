"""Contracts: the same tests hold for a stand-in and for the real thing."""
