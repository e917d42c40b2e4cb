"""What every service's HTTP doors stand on: one app, one look, access, idempotency, pagination, images, live pages."""
