"""A piece's certificate and the journal behind it: how both are written, signed and verified. No I/O."""
