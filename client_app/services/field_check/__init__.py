"""The field check: what is uncertain about AnyDesk, confirmed by looking at a real one.

Rule: it looks and asks, and never opens AnyDesk. Without a receipt this program starts no session, for a check neither:
the technician starts AnyDesk by hand or goes through the wizard with a test case.
"""
