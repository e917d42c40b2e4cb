-- migrate:up
CREATE TABLE change_proposal (
    proposal uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    number integer NOT NULL,
    answers jsonb NOT NULL,
    images uuid [] NOT NULL,
    by_role text NOT NULL CHECK (by_role IN ('customer', 'ops')),
    way text CHECK (way IN ('counter', 'phone')),
    state text NOT NULL CHECK (state IN ('open', 'applied', 'refused', 'taken_back', 'overtaken')),
    made_at timestamptz NOT NULL,
    closed_at timestamptz,
    brief_version integer,
    text uuid,
    UNIQUE (commission, number),
    CHECK ((state = 'open') = (closed_at IS NULL)),
    CHECK ((state = 'applied') = (brief_version IS NOT NULL)),
    CHECK ((state = 'refused') = (text IS NOT NULL))
);

CREATE UNIQUE INDEX change_proposal_open ON change_proposal (commission) WHERE state = 'open';

-- migrate:down
DROP TABLE change_proposal;
