"""Tools of the project: setting up, locking, compiling catalogues, notices. Nothing here is shipped."""
