"""Threads, timers and the controller that carries out the flow's effects; QtCore only, no widgets."""
