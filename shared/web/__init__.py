"""What every service's HTTP doors share: one app, one look, access, idempotency, pagination, images, live pages."""
