-- What follows once a piece has arrived: `schema.sql` goes on here.

-- Something that is wrong with a piece that has arrived, as its customer says in `text`. Quotes answers it, before `answer_by`: while
-- no `ClaimAnswered` names it, it is open, and there is no other.
CREATE TABLE claim (
    claim uuid PRIMARY KEY,
    commission uuid NOT NULL REFERENCES commission (commission),
    kind text NOT NULL CHECK (kind IN ('fit', 'damage', 'fault', 'not_as_agreed')),
    text uuid NOT NULL,
    made_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL
);

CREATE INDEX claim_commission ON claim (commission, made_at);

-- That its customer withdrew from a contract, as the law allows for some pieces; `arrived`: the piece was there already. For good.
CREATE TABLE contract_withdrawal (
    commission uuid PRIMARY KEY REFERENCES commission (commission),
    withdrawn_at timestamptz NOT NULL,
    arrived boolean NOT NULL
);
