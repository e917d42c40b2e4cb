"""One typed function per query of `sql/*.sql`."""
