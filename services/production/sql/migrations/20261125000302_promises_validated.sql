-- migrate:up

ALTER TABLE promise VALIDATE CONSTRAINT promise_state_check;
ALTER TABLE promise VALIDATE CONSTRAINT promise_release_reason_check;

-- migrate:down
