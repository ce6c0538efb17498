"""What goes wrong in a build, as a sentence that says what to do."""


class BuildError(Exception):
    """The program cannot be built; `str()` is for the person who builds it."""
