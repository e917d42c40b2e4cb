"""The catalogues: messages are extracted from code and templates, and kept in `locales/<language>.po` beside them."""
