-- migrate:up
ALTER TABLE commission VALIDATE CONSTRAINT commission_outcome_check;

-- migrate:down
SELECT 1;
