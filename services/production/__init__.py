"""Production: who makes a piece, and the hours that are promised for it."""
