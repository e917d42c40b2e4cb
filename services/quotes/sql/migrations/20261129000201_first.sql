-- migrate:up
CREATE TABLE commission (commission uuid PRIMARY KEY, customer uuid NOT NULL, country text);
CREATE INDEX commission_customer ON commission (customer);
CREATE INDEX commission_reversed ON commission ((reverse(replace(commission::text, '-', '')) COLLATE "C"));

CREATE TABLE brief (
    commission uuid PRIMARY KEY,
    version integer NOT NULL,
    craft text NOT NULL,
    offering text NOT NULL,
    offering_version integer NOT NULL,
    offering_sha256 text NOT NULL,
    answers jsonb NOT NULL,
    written_at timestamptz NOT NULL,
    images uuid [] NOT NULL DEFAULT '{}'
);
CREATE TABLE erased_brief (commission uuid PRIMARY KEY, erased_at timestamptz NOT NULL);
CREATE TABLE earlier_brief (commission uuid, version integer, answers jsonb NOT NULL, PRIMARY KEY (commission, version));

CREATE TABLE quote (
    quote uuid PRIMARY KEY,
    commission uuid NOT NULL UNIQUE,
    newest integer NOT NULL,
    held_until timestamptz,
    ready_by date,
    ready_by_p50 date,
    offered integer,
    accepted integer
);

CREATE TABLE quote_version (
    quote uuid NOT NULL REFERENCES quote (quote),
    version integer NOT NULL,
    brief_version integer NOT NULL,
    craft text NOT NULL,
    offering text NOT NULL,
    offering_version integer NOT NULL,
    state text NOT NULL DEFAULT 'drafted' CONSTRAINT quote_version_state_check CHECK (
        state IN ('drafted', 'sent', 'replaced', 'accepted', 'declined', 'expired', 'cancelled')
    ),
    currency text NOT NULL,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    drafted_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text CONSTRAINT quote_version_end_reason_check CHECK (
        end_reason IN ('lapsed', 'withdrawn', 'declined', 'refused', 'expired', 'cancelled')
    ),
    sent_at timestamptz,
    valid_until timestamptz,
    deposit_minor bigint,
    ready_by date,
    ready_by_p50 date,
    offer jsonb,
    accepted_at timestamptz,
    decline_reason text CONSTRAINT quote_version_decline_reason_check CHECK (
        decline_reason IN ('price', 'too_slow', 'changed_mind', 'found_elsewhere', 'other')
    ),
    decline_text uuid,
    decline_words text,
    conditions jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (quote, version),
    CHECK (total_minor = net_minor + vat_minor),
    CONSTRAINT quote_version_ended CHECK ((state IN ('drafted', 'sent', 'accepted')) = (ended_at IS NULL)),
    CONSTRAINT quote_version_end_is_explained CHECK (
        (state IN ('declined', 'expired', 'cancelled')) = (end_reason IS NOT NULL)
    ),
    CONSTRAINT quote_version_offered CHECK (
        (sent_at IS NULL) = (valid_until IS NULL)
        AND (sent_at IS NULL) = (deposit_minor IS NULL)
        AND (sent_at IS NULL) = (offer IS NULL)
        AND (state NOT IN ('sent', 'accepted') OR sent_at IS NOT NULL)
        AND (state <> 'accepted' OR accepted_at IS NOT NULL)
    )
);
CREATE INDEX quote_version_drafted_at ON quote_version (drafted_at, quote);

CREATE TABLE quote_line (
    quote uuid NOT NULL,
    version integer NOT NULL,
    place integer NOT NULL,
    code text NOT NULL,
    option text,
    measured numeric,
    amount_minor bigint NOT NULL,
    base_minor bigint,
    quantity numeric,
    unit text CHECK (unit IN ('g', 'hours', 'letters', 'percent')),
    unit_minor bigint,
    adjusted_from_minor bigint,
    adjusted_reason text,
    title text,
    PRIMARY KEY (quote, version, place),
    FOREIGN KEY (quote, version) REFERENCES quote_version (quote, version),
    CONSTRAINT quote_line_adjusted CHECK ((adjusted_from_minor IS NULL) = (adjusted_reason IS NULL))
);

CREATE TABLE person (person uuid PRIMARY KEY, version bigint NOT NULL, name text NOT NULL);

CREATE TABLE person_word (word text COLLATE "C" NOT NULL, person uuid NOT NULL REFERENCES person (person) ON DELETE CASCADE, PRIMARY KEY (word, person));
CREATE INDEX person_word_person ON person_word (person, word);

CREATE TABLE erased_person (person uuid PRIMARY KEY, erased_at timestamptz NOT NULL);

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

CREATE TABLE contract (commission uuid PRIMARY KEY, customer uuid NOT NULL, reference text NOT NULL UNIQUE, address text NOT NULL);

CREATE TABLE contract_amendment (
    commission uuid NOT NULL REFERENCES contract (commission),
    number integer NOT NULL CHECK (number >= 0),
    quote uuid NOT NULL,
    version integer NOT NULL,
    language text NOT NULL,
    document text NOT NULL,
    sha256 text NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (commission, number),
    FOREIGN KEY (quote, version) REFERENCES quote_version (quote, version)
);

CREATE TABLE invoice_year (year integer PRIMARY KEY, last integer NOT NULL);

CREATE TABLE invoice (
    invoice uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    commission uuid NOT NULL,
    amendment integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('deposit', 'top_up', 'balance', 'cancellation')),
    issued_on date NOT NULL,
    issued_at timestamptz NOT NULL,
    due_on date,
    currency text NOT NULL,
    vat_percent numeric NOT NULL,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    deducted_minor bigint NOT NULL,
    details jsonb NOT NULL,
    customer uuid NOT NULL,
    customer_name text,
    FOREIGN KEY (commission, amendment) REFERENCES contract_amendment (commission, number),
    CONSTRAINT invoice_sum CHECK (total_minor = net_minor + vat_minor AND deducted_minor >= 0 AND total_minor >= 0)
);
CREATE INDEX invoice_commission ON invoice (commission, issued_at);
CREATE INDEX invoice_unnamed ON invoice (customer) WHERE customer_name IS NULL;

CREATE TABLE invoice_paid (invoice uuid PRIMARY KEY REFERENCES invoice (invoice), paid_at timestamptz NOT NULL);

CREATE TABLE invoice_extended (invoice uuid PRIMARY KEY REFERENCES invoice (invoice), until_day date NOT NULL);

CREATE TABLE payment (
    payment uuid PRIMARY KEY,
    commission uuid NOT NULL,
    method text NOT NULL CHECK (method IN ('bank_transfer', 'cash', 'card')),
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    applied_minor bigint NOT NULL CHECK (applied_minor BETWEEN 0 AND amount_minor),
    left_minor bigint NOT NULL CHECK (left_minor >= 0),
    forgiven_minor bigint NOT NULL CHECK (forgiven_minor >= 0),
    received_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    bank_reference text,
    reversal text CHECK (reversal IN ('entered_twice', 'wrong_amount', 'wrong_commission', 'returned')),
    reversed_at timestamptz,
    reversed_by uuid,
    CONSTRAINT payment_reversed CHECK (
        (reversal IS NULL) = (reversed_at IS NULL) AND (reversal IS NULL) = (reversed_by IS NULL)
    )
);
CREATE INDEX payment_commission ON payment (commission, recorded_at);
CREATE UNIQUE INDEX payment_bank_reference ON payment (bank_reference) WHERE reversal IS NULL;

CREATE TABLE unmatched_payment (
    payment uuid PRIMARY KEY,
    method text NOT NULL CHECK (method IN ('bank_transfer', 'cash', 'card')),
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    received_on date NOT NULL,
    bank_reference text,
    reference text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    commission uuid,
    sent_back_on date,
    settled_at timestamptz,
    settled_by uuid,
    CONSTRAINT unmatched_settled CHECK (
        (settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (commission IS NULL AND sent_back_on IS NULL)
        AND (commission IS NULL OR sent_back_on IS NULL)
    )
);
CREATE INDEX unmatched_waiting ON unmatched_payment (recorded_at, payment) WHERE settled_at IS NULL;
CREATE UNIQUE INDEX unmatched_bank_reference ON unmatched_payment (bank_reference) WHERE commission IS NULL;

CREATE TABLE refund (
    refund uuid PRIMARY KEY,
    commission uuid NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL CHECK (reason IN ('overpaid', 'cancelled', 'not_owed', 'claim', 'withdrawn', 'change_order')),
    due_at timestamptz NOT NULL,
    paid_on date,
    paid_at timestamptz,
    paid_by uuid,
    withdrawn_at timestamptz,
    CONSTRAINT refund_paid CHECK ((paid_at IS NULL) = (paid_on IS NULL) AND (paid_at IS NULL) = (paid_by IS NULL)),
    CONSTRAINT refund_withdrawn CHECK (withdrawn_at IS NULL OR paid_at IS NULL)
);
CREATE INDEX refund_commission ON refund (commission, due_at);
CREATE INDEX refund_due ON refund (due_at, refund) WHERE paid_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE paper (
    paper uuid PRIMARY KEY,
    commission uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('contract', 'invoice', 'credit_note', 'receipt')),
    file_name text NOT NULL,
    says jsonb NOT NULL,
    customer uuid,
    customer_name text,
    pdf bytea CHECK (octet_length(pdf) <= 512000)
);
CREATE INDEX paper_commission ON paper (commission);
CREATE INDEX paper_unnamed ON paper (customer) WHERE customer_name IS NULL;

CREATE TABLE sealed_contract (
    commission uuid PRIMARY KEY REFERENCES contract (commission),
    sealed_at timestamptz NOT NULL,
    until_day date NOT NULL,
    erased_at timestamptz
);
CREATE INDEX sealed_contract_until ON sealed_contract (until_day) WHERE erased_at IS NULL;

CREATE TABLE settlement (
    commission uuid PRIMARY KEY REFERENCES contract (commission),
    percent integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
    reason text NOT NULL CHECK (reason IN ('lapsed', 'withdrawn', 'declined', 'refused', 'expired', 'cancelled')),
    currency text NOT NULL,
    owed_minor bigint NOT NULL,
    paid_minor bigint NOT NULL,
    refund_minor bigint NOT NULL,
    left_minor bigint NOT NULL,
    settled_at timestamptz NOT NULL
);

CREATE TABLE ledger_transaction (
    transaction uuid PRIMARY KEY,
    commission uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('invoiced', 'received', 'refund_due', 'refunded', 'reversed', 'forgiven', 'credited')),
    about uuid NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ledger_transaction_commission ON ledger_transaction (commission, at);

CREATE TABLE ledger_entry (
    transaction uuid NOT NULL REFERENCES ledger_transaction (transaction),
    place integer NOT NULL,
    account text NOT NULL CHECK (
        account IN ('receivable', 'bank', 'prepayments', 'revenue', 'vat_payable', 'refunds_payable', 'written_off')
    ),
    commission uuid NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (transaction, place)
);
CREATE INDEX ledger_entry_commission ON ledger_entry (commission, account);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('touchmark.erasing', true) = 'on'
        AND (TG_OP, TG_TABLE_NAME) IN (
            ('UPDATE', 'contract'), ('UPDATE', 'contract_amendment'), ('UPDATE', 'quote_line'), ('DELETE', 'paper')
        )
    THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_entry AS e WHERE e.transaction = NEW.transaction) < 2 OR EXISTS (
        SELECT 1 FROM ledger_entry AS e WHERE e.transaction = NEW.transaction
        GROUP BY e.currency HAVING sum(e.amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % is not balanced', NEW.transaction USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER ledger_transaction_balanced AFTER INSERT ON ledger_transaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance();
CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balance();

CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE ON ledger_transaction FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_transaction_kept BEFORE TRUNCATE ON ledger_transaction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_kept BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_append_only BEFORE UPDATE OR DELETE ON contract FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_kept BEFORE TRUNCATE ON contract FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_amendment_append_only BEFORE UPDATE OR DELETE ON contract_amendment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contract_amendment_kept BEFORE TRUNCATE ON contract_amendment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_stays BEFORE DELETE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_kept BEFORE TRUNCATE ON payment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_append_only BEFORE UPDATE OR DELETE ON settlement FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_kept BEFORE TRUNCATE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_stays BEFORE DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER quote_line_append_only BEFORE UPDATE OR DELETE ON quote_line FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('touchmark.erasing', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - TG_ARGV <> to_jsonb(NEW) - TG_ARGV OR (
        SELECT bool_and(was <> 'null') OR bool_or(was NOT IN ('null', to_jsonb(NEW) -> name))
        FROM (SELECT name, to_jsonb(OLD) -> name AS was FROM unnest(TG_ARGV) AS sealed (name)) AS sealed
    ) THEN
        RAISE EXCEPTION 'what was issued never changes: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER invoice_sealed BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION seal('customer_name');
CREATE TRIGGER payment_sealed BEFORE UPDATE ON payment
FOR EACH ROW EXECUTE FUNCTION seal('reversal', 'reversed_at', 'reversed_by');
CREATE TRIGGER paper_sealed BEFORE UPDATE ON paper FOR EACH ROW EXECUTE FUNCTION seal('customer_name', 'pdf');
CREATE TRIGGER paper_stays BEFORE DELETE ON paper FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER paper_kept BEFORE TRUNCATE ON paper FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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

DROP TABLE ledger_entry;
DROP TABLE ledger_transaction;
DROP TABLE settlement;
DROP TABLE paper;
DROP TABLE refund;
DROP TABLE payment;
DROP TABLE invoice_extended;
DROP TABLE invoice_paid;
DROP TABLE invoice;
DROP TABLE invoice_year;
DROP TABLE sealed_contract;
DROP TABLE contract_amendment;
DROP TABLE contract;
DROP TABLE question;
DROP TABLE erased_person;
DROP TABLE person_word;
DROP TABLE person;
DROP TABLE quote_line;
DROP TABLE quote_version;
DROP TABLE quote;
DROP TABLE earlier_brief;
DROP TABLE erased_brief;
DROP TABLE brief;
DROP FUNCTION keep_accepted();
DROP FUNCTION seal();
DROP FUNCTION check_balance();
DROP FUNCTION refuse_change();
DROP TABLE commission;
