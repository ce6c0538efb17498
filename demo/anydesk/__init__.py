"""A stand-in for AnyDesk: a real executable of its own that behaves like a portable custom client.

It follows what is documented and observed of AnyDesk (switches, answers, exit codes, processes, files, trace lines)
and is driven from outside through a small control channel. `build` freezes it, `remote` drives it; the other modules
are the program itself and use the standard library only.
"""
