-- migrate:up

ALTER TABLE ops_action VALIDATE CONSTRAINT ops_action_what_check;
ALTER TABLE ops_action VALIDATE CONSTRAINT ops_action_outcome_check;

-- migrate:down

-- What is valid stays so.
