"""One build entry for the frozen program and its installers (being written: build.py, pomoc-zdalna.spec, linux/)."""
