-- migrate:up

ALTER TABLE brief ADD COLUMN customer uuid;

ALTER TABLE quote ADD COLUMN customer uuid;
ALTER TABLE quote ADD COLUMN held_until timestamptz;
ALTER TABLE quote ADD COLUMN ready_by date;
ALTER TABLE quote ADD COLUMN offered integer;
ALTER TABLE quote ADD COLUMN accepted integer;

ALTER TABLE quote_version ADD COLUMN sent_at timestamptz;
ALTER TABLE quote_version ADD COLUMN valid_until timestamptz;
ALTER TABLE quote_version ADD COLUMN deposit_minor bigint;
ALTER TABLE quote_version ADD COLUMN ready_by date;
ALTER TABLE quote_version ADD COLUMN offer jsonb;
ALTER TABLE quote_version ADD COLUMN accepted_at timestamptz;
ALTER TABLE quote_version ADD COLUMN decline_reason text;
ALTER TABLE quote_version ADD COLUMN decline_text uuid;
ALTER TABLE quote_version ADD COLUMN decline_words text;

-- The one that follows allows all that this one allowed.
-- squawk-ignore ban-drop-constraint
ALTER TABLE quote_version DROP CONSTRAINT quote_version_state_check;
ALTER TABLE quote_version ADD CONSTRAINT quote_version_state_check CHECK (
    state IN ('drafted', 'sent', 'replaced', 'accepted', 'declined', 'expired', 'cancelled')
) NOT VALID;

-- The one that follows allows all that this one allowed.
-- squawk-ignore ban-drop-constraint
ALTER TABLE quote_version DROP CONSTRAINT quote_version_end_reason_check;
ALTER TABLE quote_version ADD CONSTRAINT quote_version_end_reason_check CHECK (
    end_reason IN ('lapsed', 'withdrawn', 'declined', 'expired', 'cancelled')
) NOT VALID;

-- The one that follows allows all that this one allowed.
-- squawk-ignore ban-drop-constraint
ALTER TABLE quote_version DROP CONSTRAINT quote_version_check1;
ALTER TABLE quote_version ADD CONSTRAINT quote_version_ended CHECK (
    (state IN ('drafted', 'sent', 'accepted')) = (ended_at IS NULL)
) NOT VALID;

-- The one that follows allows all that this one allowed.
-- squawk-ignore ban-drop-constraint
ALTER TABLE quote_version DROP CONSTRAINT quote_version_check2;
ALTER TABLE quote_version ADD CONSTRAINT quote_version_end_told CHECK (
    (state IN ('declined', 'expired', 'cancelled')) = (end_reason IS NOT NULL)
) NOT VALID;

ALTER TABLE quote_version ADD CONSTRAINT quote_version_offered CHECK (
    (sent_at IS NULL) = (valid_until IS NULL)
    AND (sent_at IS NULL) = (deposit_minor IS NULL)
    AND (sent_at IS NULL) = (offer IS NULL)
    AND (state NOT IN ('sent', 'accepted') OR sent_at IS NOT NULL)
    AND (state <> 'accepted' OR accepted_at IS NOT NULL)
) NOT VALID;

ALTER TABLE quote_version ADD CONSTRAINT quote_version_decline_reason_check CHECK (
    decline_reason IN ('price', 'too_slow', 'changed_mind', 'found_elsewhere', 'other')
) NOT VALID;

ALTER TABLE quote_line ADD COLUMN adjusted_from_minor bigint;
ALTER TABLE quote_line ADD COLUMN adjusted_reason text;
ALTER TABLE quote_line ADD CONSTRAINT quote_line_adjusted CHECK (
    (adjusted_from_minor IS NULL) = (adjusted_reason IS NULL)
) NOT VALID;

CREATE TABLE person (
    person uuid PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE erased_person (
    person uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
);

CREATE TABLE question (
    question uuid PRIMARY KEY,
    commission uuid NOT NULL,
    quote uuid NOT NULL REFERENCES quote (quote),
    version integer NOT NULL,
    author uuid NOT NULL,
    body text,
    asked_at timestamptz NOT NULL,
    answer uuid UNIQUE,
    answered_by uuid,
    answer_body text,
    answered_at timestamptz,
    CONSTRAINT question_answered CHECK (
        (answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL)
    )
);

CREATE INDEX question_commission ON question (commission, asked_at);
CREATE INDEX question_open ON question (asked_at, question) WHERE answer IS NULL;
CREATE INDEX question_author ON question (author);

CREATE TABLE contract (
    commission uuid PRIMARY KEY,
    quote uuid NOT NULL,
    version integer NOT NULL,
    customer uuid NOT NULL,
    document text NOT NULL,
    sha256 text NOT NULL,
    reference text NOT NULL UNIQUE,
    address text NOT NULL,
    accepted_at timestamptz NOT NULL,
    FOREIGN KEY (quote, version) REFERENCES quote_version (quote, version)
);

CREATE TABLE invoice_year (
    year integer PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE invoice (
    invoice uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    commission uuid NOT NULL REFERENCES contract (commission),
    kind text NOT NULL CHECK (kind IN ('deposit', 'balance', 'cancellation')),
    issued_on date NOT NULL,
    issued_at timestamptz NOT NULL,
    due_on date,
    currency text NOT NULL,
    vat_percent numeric NOT NULL,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    deducted_minor bigint NOT NULL,
    document jsonb NOT NULL,
    customer uuid NOT NULL,
    customer_name text,
    UNIQUE (commission, kind),
    CONSTRAINT invoice_sum CHECK (total_minor = net_minor + vat_minor AND deducted_minor >= 0 AND total_minor >= 0)
);

CREATE INDEX invoice_unnamed ON invoice (customer) WHERE customer_name IS NULL;

CREATE TABLE invoice_paid (
    invoice uuid PRIMARY KEY REFERENCES invoice (invoice),
    paid_at timestamptz NOT NULL
);

CREATE TABLE payment (
    payment uuid PRIMARY KEY,
    commission uuid NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    applied_minor bigint NOT NULL CHECK (applied_minor BETWEEN 0 AND amount_minor),
    left_minor bigint NOT NULL CHECK (left_minor >= 0),
    received_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    bank_reference text UNIQUE
);

CREATE INDEX payment_commission ON payment (commission, recorded_at);

CREATE TABLE refund (
    refund uuid PRIMARY KEY,
    commission uuid NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL CHECK (reason IN ('overpaid', 'cancelled', 'not_owed')),
    due_at timestamptz NOT NULL,
    paid_on date,
    paid_at timestamptz,
    paid_by uuid,
    CONSTRAINT refund_paid CHECK ((paid_at IS NULL) = (paid_on IS NULL) AND (paid_at IS NULL) = (paid_by IS NULL))
);

CREATE INDEX refund_commission ON refund (commission, due_at);
CREATE INDEX refund_due ON refund (due_at, refund) WHERE paid_at IS NULL;

CREATE TABLE settlement (
    commission uuid PRIMARY KEY REFERENCES contract (commission),
    percent integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
    reason text NOT NULL CHECK (reason IN ('lapsed', 'withdrawn', 'declined', 'expired', 'cancelled')),
    currency text NOT NULL,
    owed_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    refund_minor bigint NOT NULL,
    left_minor bigint NOT NULL,
    settled_at timestamptz NOT NULL
);

CREATE TABLE journal (
    journal uuid PRIMARY KEY,
    commission uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('invoiced', 'received', 'refund_due', 'refunded')),
    about uuid NOT NULL,
    at timestamptz NOT NULL
);

CREATE INDEX journal_commission ON journal (commission, at);

CREATE TABLE entry (
    journal uuid NOT NULL REFERENCES journal (journal),
    place integer NOT NULL,
    account text NOT NULL CHECK (
        account IN ('receivable', 'bank', 'prepayments', 'revenue', 'vat_payable', 'refunds_payable')
    ),
    commission uuid NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (journal, place)
);

CREATE INDEX entry_commission ON entry (commission, account);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM entry AS e WHERE e.journal = NEW.journal) < 2 OR EXISTS (
        SELECT 1 FROM entry AS e WHERE e.journal = NEW.journal GROUP BY e.currency HAVING sum(e.amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'journal % is not balanced', NEW.journal USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON journal
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance();
CREATE CONSTRAINT TRIGGER entry_balanced AFTER INSERT ON entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance();

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_kept BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_kept BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_append_only BEFORE UPDATE OR DELETE ON contract FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_kept BEFORE TRUNCATE ON contract FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_append_only BEFORE UPDATE OR DELETE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_kept BEFORE TRUNCATE ON payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_append_only BEFORE UPDATE OR DELETE ON settlement
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_kept BEFORE TRUNCATE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_stays BEFORE DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER quote_line_append_only BEFORE UPDATE OR DELETE ON quote_line
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION seal_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.customer_name IS NOT NULL OR to_jsonb(OLD) - 'customer_name' <> to_jsonb(NEW) - 'customer_name' THEN
        RAISE EXCEPTION 'an invoice that was issued never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER invoice_sealed BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION seal_invoice();

CREATE FUNCTION keep_accepted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.state NOT IN ('accepted', 'cancelled')
        OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled')
        OR to_jsonb(OLD) - ARRAY['state', 'ended_at', 'end_reason']
        <> to_jsonb(NEW) - ARRAY['state', 'ended_at', 'end_reason']
    THEN
        RAISE EXCEPTION 'a quote that was accepted never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER quote_version_accepted BEFORE UPDATE OR DELETE ON quote_version
FOR EACH ROW WHEN (OLD.accepted_at IS NOT NULL) EXECUTE FUNCTION keep_accepted();

-- migrate:down

DROP TRIGGER quote_version_accepted ON quote_version;
DROP TRIGGER quote_line_append_only ON quote_line;
DROP TABLE entry;
DROP TABLE journal;
DROP TABLE settlement;
DROP TABLE refund;
DROP TABLE payment;
DROP TABLE invoice_paid;
DROP TABLE invoice;
DROP TABLE invoice_year;
DROP TABLE contract;
DROP TABLE question;
DROP TABLE erased_person;
DROP TABLE person;
DROP FUNCTION keep_accepted();
DROP FUNCTION seal_invoice();
DROP FUNCTION check_balance();
DROP FUNCTION refuse_change();

ALTER TABLE quote_line DROP COLUMN adjusted_reason;
ALTER TABLE quote_line DROP COLUMN adjusted_from_minor;

ALTER TABLE quote_version DROP CONSTRAINT quote_version_end_told;
ALTER TABLE quote_version DROP CONSTRAINT quote_version_ended;
ALTER TABLE quote_version DROP CONSTRAINT quote_version_offered;
ALTER TABLE quote_version DROP CONSTRAINT quote_version_end_reason_check;
ALTER TABLE quote_version DROP CONSTRAINT quote_version_state_check;
ALTER TABLE quote_version ADD CONSTRAINT quote_version_state_check CHECK (
    state IN ('drafted', 'replaced', 'expired')
) NOT VALID;
ALTER TABLE quote_version ADD CONSTRAINT quote_version_end_reason_check CHECK (
    end_reason IN ('lapsed', 'withdrawn')
) NOT VALID;
ALTER TABLE quote_version ADD CONSTRAINT quote_version_check1 CHECK ((state = 'drafted') = (ended_at IS NULL)) NOT VALID;
ALTER TABLE quote_version ADD CONSTRAINT quote_version_check2 CHECK (
    (state = 'expired') = (end_reason IS NOT NULL)
) NOT VALID;
ALTER TABLE quote_version DROP COLUMN decline_words;
ALTER TABLE quote_version DROP COLUMN decline_text;
ALTER TABLE quote_version DROP COLUMN decline_reason;
ALTER TABLE quote_version DROP COLUMN accepted_at;
ALTER TABLE quote_version DROP COLUMN offer;
ALTER TABLE quote_version DROP COLUMN ready_by;
ALTER TABLE quote_version DROP COLUMN deposit_minor;
ALTER TABLE quote_version DROP COLUMN valid_until;
ALTER TABLE quote_version DROP COLUMN sent_at;

ALTER TABLE quote DROP COLUMN accepted;
ALTER TABLE quote DROP COLUMN offered;
ALTER TABLE quote DROP COLUMN ready_by;
ALTER TABLE quote DROP COLUMN held_until;
ALTER TABLE quote DROP COLUMN customer;

ALTER TABLE brief DROP COLUMN customer;
