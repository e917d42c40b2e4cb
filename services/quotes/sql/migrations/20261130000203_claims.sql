-- migrate:up
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

CREATE TABLE credit_note_year (year integer PRIMARY KEY, last integer NOT NULL);

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

CREATE TRIGGER credit_append_only BEFORE UPDATE OR DELETE ON credit FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- migrate:down
DROP TABLE credit;
DROP TABLE credit_note_year;
DROP TABLE claim;
