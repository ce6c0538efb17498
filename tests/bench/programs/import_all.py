"""Imports everything of the client once, so that Python keeps it compiled, as it is for an installed program."""

import importlib
import pkgutil

import client_app
import consent_record
import demo.customer  # noqa: F401 - the customer of the whole path

SKIPPED = "__main__"

if __name__ == "__main__":
    for package in (client_app, consent_record):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(SKIPPED):
                importlib.import_module(module.name)
