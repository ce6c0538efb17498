"""What the company runs: consent API, technician's console, documents, keys.

Layers, arrows one way: cli -> server -> api, console -> acts -> store -> consent_record. `acts` holds what the
backend does, each act a function inside one transaction; `store` holds how it is kept; neither knows HTTP.
"""

__version__ = "0.1.0"
