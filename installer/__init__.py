"""One build entry for the frozen program and its installers; see `python -m installer.build --help`."""
