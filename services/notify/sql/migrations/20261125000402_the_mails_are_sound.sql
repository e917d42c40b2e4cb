-- migrate:up

ALTER TABLE mail VALIDATE CONSTRAINT mail_intent_check;
ALTER TABLE mail VALIDATE CONSTRAINT mail_reader_check;
ALTER TABLE mail VALIDATE CONSTRAINT mail_amount_check;

-- migrate:down

-- What is valid stays so.
