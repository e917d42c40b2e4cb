-- migrate:up
CREATE TABLE attachment (
    paper uuid PRIMARY KEY REFERENCES paper (paper) ON DELETE CASCADE,
    account jsonb,
    reference text NOT NULL DEFAULT '',
    wanted_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    published_at timestamptz
);
CREATE INDEX attachment_next ON attachment (next_at) WHERE published_at IS NULL;

-- migrate:down
DROP TABLE attachment;
