"""The guardian: a small process of ours that starts and holds AnyDesk and ends it however the client died.

Rule: nothing heavy is imported in the guardian's process (no Qt, no network, no psutil).
"""
