-- migrate:up

ALTER TABLE mail VALIDATE CONSTRAINT mail_intent_check;

-- migrate:down

-- What is valid stays so.
SELECT 1;
