-- migrate:up

ALTER TABLE quote_version VALIDATE CONSTRAINT quote_version_state_check;
ALTER TABLE quote_version VALIDATE CONSTRAINT quote_version_end_reason_check;
ALTER TABLE quote_version VALIDATE CONSTRAINT quote_version_ended;
ALTER TABLE quote_version VALIDATE CONSTRAINT quote_version_end_told;
ALTER TABLE quote_version VALIDATE CONSTRAINT quote_version_offered;
ALTER TABLE quote_version VALIDATE CONSTRAINT quote_version_decline_reason_check;
ALTER TABLE quote_line VALIDATE CONSTRAINT quote_line_adjusted;

-- migrate:down

SELECT 1;
