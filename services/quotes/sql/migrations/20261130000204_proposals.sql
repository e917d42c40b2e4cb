-- migrate:up
CREATE TABLE brief_proposal (
    commission uuid PRIMARY KEY,
    proposal uuid NOT NULL,
    number integer NOT NULL,
    answers jsonb NOT NULL,
    images uuid [] NOT NULL,
    by_role text NOT NULL CHECK (by_role IN ('customer', 'ops')),
    made_at timestamptz NOT NULL
);

-- migrate:down
DROP TABLE brief_proposal;
