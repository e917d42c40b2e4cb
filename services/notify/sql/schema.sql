-- What notify's database looks like once all migrations have run. This file is the truth; a test compares the two.

-- A person as intake told last (`touchmark.people`). Erased by a tombstone: the row goes, erased_person remembers the id.
CREATE TABLE person (
    person uuid PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    locale text NOT NULL
);

CREATE TABLE erased_person (
    person uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
);

-- What a letter may say about a commission (`touchmark.commissions`).
CREATE TABLE commission (
    commission uuid PRIMARY KEY,
    requested_at timestamptz NOT NULL,
    needed_by date
);

-- Who reads what notify writes about a commission of its own accord.
--   customer   asked for the piece (`touchmark.commissions`)
--   maker      makes it, as far as production told last (`touchmark.production`)
CREATE TABLE addressee (
    commission uuid NOT NULL,
    reader text NOT NULL CHECK (reader IN ('customer', 'maker')),
    person uuid NOT NULL,
    PRIMARY KEY (commission, reader)
);

-- One mail per commission, intent, and what it is about. Its words are not stored: they are written when it is sent.
--   waiting -> taken      a mailer took it, for as long as its lease
--   taken -> taken        the lease ended without an answer (the mailer is gone): another took it
--   taken -> waiting      postponed, or the server was out of reach: again at due_at
--   taken -> sent         the server accepted it; for good
--   taken -> refused      the server refused it, or nobody can be written to at that address; for good
--   taken, waiting -> given_up   patience is over, or the address never became known; for good
--   taken, waiting -> redacted   its person was erased before it was sent; for good
-- person: NULL until it is taken, where it goes to whoever is then the commission's `reader` (see addressee).
-- about, day, amount, code: what `SendNow` says, for the letter; the code goes when the person is erased.
-- held_until: not to be sent before, so that several messages are one mail. NULL: at once.
-- due_at: when a mailer may take it next; while it is taken, the end of the lease. lease: who holds it, while taken.
-- traceparent: the trace of whoever asked for it, which the delivery goes on with.
CREATE TABLE mail (
    mail uuid PRIMARY KEY,
    commission uuid NOT NULL,
    person uuid,
    intent text NOT NULL CHECK (intent IN (
        'request_received', 'quote_drafted', 'quote_ready', 'quote_reminder',
        'question_answered', 'quote_accepted', 'deposit_reminder', 'making_begins',
        'approval_asked', 'approval_reminder', 'piece_delayed', 'balance_due',
        'balance_reminder', 'parcel_sent', 'certificate_ready', 'message_received',
        'maker_reminder', 'cancellation_refused', 'commission_cancelled', 'commission_ended',
        'sign_in_asked'
    )),
    state text NOT NULL DEFAULT 'waiting' CHECK (
        state IN ('waiting', 'taken', 'sent', 'refused', 'given_up', 'redacted')
    ),
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    lease uuid,
    traceparent text,
    about uuid,
    day date,
    amount_minor bigint,
    amount_currency text,
    code text,
    held_until timestamptz,
    reader text NOT NULL DEFAULT 'customer' CHECK (reader IN ('customer', 'maker')),
    UNIQUE NULLS NOT DISTINCT (commission, intent, about),
    CHECK ((state = 'taken') = (lease IS NOT NULL)),
    CONSTRAINT mail_amount_check CHECK ((amount_minor IS NULL) = (amount_currency IS NULL))
);

CREATE INDEX mail_due_at ON mail (due_at) WHERE state IN ('waiting', 'taken');
CREATE INDEX mail_person ON mail (person);

-- Every attempt to deliver a mail. `address` is masked; it goes when the person is erased.
--   under_way -> accepted, refused, unwritable, postponed, unreachable (the mailer wrote it down)
--   under_way -> interrupted (the mailer did not come back; the server may have taken the mail)
CREATE TABLE delivery (
    mail uuid NOT NULL REFERENCES mail (mail),
    attempt integer NOT NULL,
    begun_at timestamptz NOT NULL,
    ended_at timestamptz,
    ending text NOT NULL DEFAULT 'under_way' CHECK (
        ending IN ('under_way', 'accepted', 'refused', 'unwritable', 'postponed', 'unreachable', 'interrupted')
    ),
    smtp_code integer,
    address text,
    PRIMARY KEY (mail, attempt)
);
