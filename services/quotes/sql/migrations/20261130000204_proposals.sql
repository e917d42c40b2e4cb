-- migrate:up
ALTER TABLE brief ADD COLUMN country text;

CREATE TABLE brief_proposal (
    commission uuid PRIMARY KEY,
    proposal uuid NOT NULL,
    number integer NOT NULL,
    answers jsonb NOT NULL,
    images uuid [] NOT NULL,
    country text,
    by_role text NOT NULL CHECK (by_role IN ('customer', 'ops')),
    made_at timestamptz NOT NULL
);

-- migrate:down
DROP TABLE brief_proposal;
ALTER TABLE brief DROP COLUMN country;
