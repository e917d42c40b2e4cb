-- migrate:up
ALTER TABLE mail ADD COLUMN traceparent text;

-- migrate:down
ALTER TABLE mail DROP COLUMN traceparent;
