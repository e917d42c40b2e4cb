-- What quotes' database looks like once all migrations have run. This file is the truth; a test compares the two.
-- Its functions and triggers are in `schema_rules.sql`.
-- Whose commission it is (`touchmark.commissions`), and where it is delivered, as an ISO 3166 code: the VAT follows it.
CREATE TABLE commission (commission uuid PRIMARY KEY, customer uuid NOT NULL, country text);
CREATE INDEX commission_customer ON commission (customer);
-- The end of a commission's number is the beginning of its reverse.
CREATE INDEX commission_reversed ON commission ((reverse(replace(commission::text, '-', '')) COLLATE "C"));

-- A commission's brief as intake wrote it last (`touchmark.briefs`). Erased by a tombstone: the row goes, erased_brief remembers
-- the id, so that no late record brings the words back. answers is an array of {field, value, shown}; images are the reference pictures, which intake keeps.
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

-- What earlier versions of a brief answered, as far as they came here: the desk says what has changed. Erased with the brief.
CREATE TABLE earlier_brief (commission uuid, version integer, answers jsonb NOT NULL, PRIMARY KEY (commission, version));

-- A commission's quote. Its row is the lock of all its versions, and of the commission's money.
-- newest is the newest version; offered the last one that was sent; accepted the one that the customer agreed to. Until held_until
-- a maker's hours are held for it; it would be ready by ready_by in 90 of 100 cases, by ready_by_p50 in 50: a preview until it is sent.
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

-- One version of a quote, drafted from one version of the brief and of the offering, or from the version before it.
--   drafted -> sent        the studio put it before the customer, until valid_until
--   drafted -> replaced    a newer version was drafted, or an older one was accepted meanwhile
--   sent -> replaced       a newer version was sent
--   sent -> accepted       the customer agreed: the contract; nothing of it changes any more
--   sent -> declined       the customer does not want it; for good
--   drafted, sent -> declined, expired, cancelled    its commission ended; end_reason says how; for good
--   accepted -> cancelled  the commission was cancelled, or its deposit never came; for good
-- Amounts are in minor units of the currency; total_minor = net_minor + vat_minor. offer is what was said with it when it was sent: [terms, variation], terms
-- as codes with parameters, variation as ids of the offering. decline_words is the text decline_text on `touchmark.texts`, and goes with its tombstone. conditions is what the studio set for
-- this quote alone, {deposit_percent, deposit_days, valid_days}; what is not there is as its settings say.
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

-- What the studio asked to send last, of each quote; number counts how often it asked. Nothing is with the customer before hours are held.
--   asked -> sent       a maker's hours are held, and it is with the customer
--   asked -> kept       it stays a draft: refusal says why
--   asked -> withdrawn  the studio drafted another version, or took it back
--   sent, kept, withdrawn -> asked  the studio asks again
-- until is when it can be accepted, where that is to be sooner than usual.
CREATE TABLE sending (
    quote uuid PRIMARY KEY REFERENCES quote (quote),
    number integer NOT NULL,
    version integer NOT NULL,
    state text NOT NULL CHECK (state IN ('asked', 'sent', 'kept', 'withdrawn')),
    asked_at timestamptz NOT NULL,
    asked_by uuid,
    until timestamptz,
    refusal text CHECK (refusal IN ('no_hours', 'later_day', 'day_passed')),
    CHECK ((state = 'kept') = (refusal IS NOT NULL))
);

-- One line of a version; the last one is the VAT. Its words are the offering's: code is its line there, option what was chosen,
-- measured what was worked out from the brief. base_minor and quantity times unit_minor make amount_minor, where they are;
-- except for a line that the studio changed: adjusted_from_minor is its amount before, adjusted_reason is for the customer. A line that
-- the studio added has a title of its own.
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

-- A person's name, as intake published it last (`touchmark.people`), with the version of that record. Erased by a tombstone: the row
-- goes, erased_person remembers the id.
CREATE TABLE person (person uuid PRIMARY KEY, version bigint NOT NULL, name text NOT NULL);
CREATE TABLE erased_person (person uuid PRIMARY KEY, erased_at timestamptz NOT NULL);

-- The words of that name, as shared/kernel/search.py writes them. Collation "C": the beginning of a word is a range of the index.
CREATE TABLE person_word (word text COLLATE "C" NOT NULL, person uuid NOT NULL REFERENCES person (person) ON DELETE CASCADE, PRIMARY KEY (word, person));
CREATE INDEX person_word_person ON person_word (person, word);

-- What the customer asked about a quote, and the studio's answer: question and answer are texts on `touchmark.texts`, whose
-- tombstones take body and answer_body away. Asked once, answered once; an answer is for good.
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

-- What was agreed with a customer. reference is what transfers should say (ISO 11649); address is what the customer gave for the
-- invoices. Kept for as long as the law wants contracts and invoices kept (§ 147 AO, § 14b UStG), also after the person is erased:
-- listed in the erasure report.
CREATE TABLE contract (commission uuid PRIMARY KEY, customer uuid NOT NULL, reference text NOT NULL UNIQUE, address text NOT NULL);

-- What exactly was agreed, written once: number 0 is the accepted quote, each later one changes what was agreed before it. document
-- is canonical JSON with the lines, the terms and the variation, in the language in which it was accepted; sha256 is its digest.
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

-- The last number of each year. Its row is locked until the commit, so that numbers have no gaps (§ 14 (4) 4 UStG).
CREATE TABLE invoice_year (year integer PRIMARY KEY, last integer NOT NULL);

-- An invoice as it was issued; there may be several of a kind, and one sequence of numbers. It never changes, but for customer_name, which is sealed once it is
-- known here. The name stays when its person is erased: § 14b UStG makes a studio keep invoices; listed in the erasure report. total_minor is what the document
-- comes to, with VAT; deducted_minor what was asked for before and is deducted from it; a cancellation replaces what was asked for before. details is {seller,
-- address, lines, deducted, replaces, note}.
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

-- That an invoice is covered in full; the row goes where a payment is reversed and it is not covered any more.
CREATE TABLE invoice_paid (invoice uuid PRIMARY KEY REFERENCES invoice (invoice), paid_at timestamptz NOT NULL);

-- That the studio gave the customer more time for an invoice than it says: until the end of this day, in the studio's zone.
CREATE TABLE invoice_extended (invoice uuid PRIMARY KEY REFERENCES invoice (invoice), until_day date NOT NULL);

-- Money that came in by a method, recorded by ops from the bank statement or the till.
--   received -> reversed   it does not count (reversal, reversed_at, reversed_by): it was a mistake, or the bank took it back; for good
-- applied_minor of it covered invoices then; the rest goes back. left_minor is what was still to be paid after it, forgiven_minor what was
-- missing and so little that nobody asks for it. bank_reference is the bank's own id of the transfer, as it is compared: letters and
-- digits, in capitals. The same transfer counts once.
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

-- Money that came in and matches no commission. reference is what the transfer said. It is in no ledger until it is a commission's.
--   waiting -> assigned    it is a payment of this commission (commission, settled_at, settled_by); for good
--   waiting -> sent back   it was sent back to where it came from (sent_back_on, settled_at, settled_by); for good
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

-- Money that goes back to the customer.
--   due -> paid        somebody transferred it (paid_on, paid_at, paid_by); for good
--   due -> withdrawn   it is not owed after all, since a payment was reversed (withdrawn_at); for good
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

-- A contract, an invoice or a receipt as it was issued: says has all its words and figures as catalogues and settings had them on that day, pdf what its first
-- reader got. customer_name and pdf are sealed once they are there. Kept with its name (§ 147 AO); listed in the erasure report.
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

-- What the law makes a studio keep of somebody who was erased: contract, invoices and papers, until the end of a day.
--   sealed -> erased (erased_at)  the day is over: names, addresses, words and papers are gone, the amounts stay; for good
CREATE TABLE sealed_contract (
    commission uuid PRIMARY KEY REFERENCES contract (commission),
    sealed_at timestamptz NOT NULL,
    until_day date NOT NULL,
    erased_at timestamptz
);
CREATE INDEX sealed_contract_until ON sealed_contract (until_day) WHERE erased_at IS NULL;

-- What a cancellation came to: percent of the price is owed; what was paid beyond goes back, what is missing is left to be paid.
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

-- The ledger: append-only, and balanced by the database at every commit. A transaction is one thing that happened, about an invoice, a
-- payment or a refund; its entries add up to zero in each currency.
CREATE TABLE ledger_transaction (
    transaction uuid PRIMARY KEY,
    commission uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('invoiced', 'received', 'refund_due', 'refunded', 'reversed', 'forgiven', 'credited')),
    about uuid NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ledger_transaction_commission ON ledger_transaction (commission, at);

-- One side of a transaction: amount_minor is a debit above zero and a credit below. What is left to be paid of a commission is the
-- balance of its receivable.
--   receivable       what was asked for and has not come in
--   bank             what is on the studio's account
--   prepayments      deposits: owed as work until the final invoice makes them revenue (net of VAT)
--   revenue          earned, without VAT
--   vat_payable      owed to the tax office
--   refunds_payable  owed to the customer as money
--   written_off      asked for, missing, and so little that it is forgiven (with its VAT, which the accountant corrects)
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
