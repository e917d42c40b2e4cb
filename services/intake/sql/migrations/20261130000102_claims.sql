-- migrate:up
CREATE TABLE claim (
    claim uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    kind text NOT NULL CHECK (kind IN ('fit', 'damage', 'fault', 'not_as_agreed')),
    text uuid NOT NULL,
    made_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL
);

CREATE INDEX claim_commission ON claim (commission, made_at);

CREATE TABLE contract_withdrawal (
    commission uuid PRIMARY KEY REFERENCES commission (commission),
    withdrawn_at timestamptz NOT NULL,
    arrived boolean NOT NULL
);

-- migrate:down
DROP TABLE contract_withdrawal;
DROP TABLE claim;
