-- migrate:up
CREATE TABLE request_refusal (
    commission uuid PRIMARY KEY REFERENCES commission (commission),
    reason text NOT NULL CHECK (reason IN ('not_ours', 'no_time', 'protected_design', 'other')),
    text uuid NOT NULL,
    refused_at timestamptz NOT NULL
);

-- migrate:down
DROP TABLE request_refusal;
