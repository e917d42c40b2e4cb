-- What follows once a piece has arrived: `schema.sql` goes on here.

-- Something that is wrong with a piece, as its customer told intake, which has the words; to be answered before answer_by. Answered once:
-- an answer is for good. Its words are the text `answer` on `touchmark.texts`, whose tombstone takes answer_body away.
CREATE TABLE claim (
    claim uuid PRIMARY KEY,
    commission uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('fit', 'damage', 'fault', 'not_as_agreed')),
    made_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL,
    remedy text CHECK (remedy IN ('repair', 'remake', 'reduction', 'refund', 'refusal')),
    answer uuid UNIQUE,
    answer_body text,
    answered_by uuid,
    answered_at timestamptz,
    CONSTRAINT claim_answered CHECK (num_nulls(remedy, answer, answered_by, answered_at) IN (0, 4))
);
CREATE INDEX claim_commission ON claim (commission, made_at);

-- The last number of a credit note of each year. Its row is locked until the commit, so that numbers have no gaps.
CREATE TABLE credit_note_year (year integer PRIMARY KEY, last integer NOT NULL);

-- What the price fell by since something was wrong with the piece, or, without a claim, since its customer withdrew from the contract:
-- at most what was paid and kept. For good. It is a credit note with a number of its own, which refers to an invoice.
CREATE TABLE credit (
    credit uuid PRIMARY KEY,
    commission uuid NOT NULL,
    claim uuid UNIQUE REFERENCES claim (claim),
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    credited_at timestamptz NOT NULL,
    number text NOT NULL UNIQUE,
    invoice uuid NOT NULL REFERENCES invoice (invoice),
    issued_on date NOT NULL,
    CONSTRAINT credit_above_zero CHECK (net_minor >= 0 AND vat_minor >= 0 AND net_minor + vat_minor > 0)
);
CREATE INDEX credit_commission ON credit (commission, credited_at);

-- A paper that the mail telling of it has with it: it is set as PDF and published on `touchmark.documents`. The row goes when its
-- customer is erased, and the document with it. account, reference: where an invoice is paid, and what the transfer says.
--   waiting -> published  it was set (published_at); final
--   waiting               whoever sets it has it until next_at, when somebody tries again; not any more a day after wanted_at
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
