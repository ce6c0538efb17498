"""Small programs that a family starts in processes of their own; each says on its standard output what was measured."""
