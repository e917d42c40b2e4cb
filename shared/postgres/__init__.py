"""One service's PostgreSQL database: its pool, its transactions, its queries, its migrations."""
