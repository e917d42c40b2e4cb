-- What notify's database looks like once all migrations have run. This file is the truth; a test compares the two.

-- A person as intake recorded them last (`touchmark.people`). A tombstone deletes the row; erased_person keeps the id.
-- language: ISO 639; NULL: the studio's. known_since: when intake recorded them, by the oldest record that was read.
CREATE TABLE person (
    person uuid PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    language text,
    role text NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'maker', 'ops')),
    known_since timestamptz NOT NULL
);

-- What a maker, or somebody of the studio, has chosen to be told of, and when (domain/preferences.py); it goes with the person.
CREATE TABLE preference (
    person uuid NOT NULL,
    intent text NOT NULL,
    timing text NOT NULL CHECK (timing IN ('at_once', 'daily', 'never')),
    PRIMARY KEY (person, intent)
);

-- When somebody gets no such mail, by the studio's clock; `ends` may be on the next day.
CREATE TABLE quiet_hours (
    person uuid PRIMARY KEY,
    begins time NOT NULL,
    ends time NOT NULL
);

-- When somebody was given access, and when it ended (`touchmark.access`). Facts about commissions come on other topics, before
-- or after.
CREATE TABLE access_change (
    person uuid NOT NULL,
    at timestamptz NOT NULL,
    granted boolean NOT NULL,
    PRIMARY KEY (person, at)
);

-- Whether somebody has access now, and had it when something happened. Who was invited by nobody has it since they are known.
CREATE FUNCTION has_access(whom uuid, happened_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    WITH change AS (
        SELECT a.at, a.granted FROM access_change AS a WHERE a.person = whom
        UNION ALL
        SELECT p.known_since, true FROM person AS p
        WHERE p.person = whom
        AND NOT EXISTS (SELECT FROM access_change AS a WHERE a.person = whom AND a.at <= p.known_since)
    )
    SELECT coalesce(
        (SELECT c.granted FROM change AS c ORDER BY c.at DESC LIMIT 1)
        AND (SELECT c.granted FROM change AS c WHERE c.at <= happened_at ORDER BY c.at DESC LIMIT 1),
        false
    );
$$;

-- Whether somebody may be told of something: in the studio whoever had access when it happened and has it now; at the bench, and
-- of their own ways in, whoever has it now. Customers have none to lose.
CREATE FUNCTION may_be_told(whom uuid, read_by text, happened_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE
AS $$
    SELECT CASE read_by
        WHEN 'studio' THEN has_access(whom, happened_at)
        WHEN 'maker' THEN has_access(whom, 'infinity')
        WHEN 'person' THEN has_access(whom, 'infinity')
        ELSE true
    END;
$$;

CREATE TABLE erased_person (
    person uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
);

-- What a mail may say about a commission (`touchmark.commissions`).
CREATE TABLE commission (
    commission uuid PRIMARY KEY,
    submitted_at timestamptz NOT NULL,
    needed_by date
);

-- What is to be made (`touchmark.briefs`), in its newest version, for mails to name it. A tombstone deletes the row.
-- answers: those of the offering's form, as the fact has them.
CREATE TABLE brief (
    commission uuid PRIMARY KEY,
    version integer NOT NULL,
    craft text NOT NULL,
    offering text NOT NULL,
    offering_version integer NOT NULL,
    answers jsonb NOT NULL
);

-- Which gate of the offering an approval is about (`touchmark.commissions`).
CREATE TABLE approval (
    approval uuid PRIMARY KEY,
    gate text NOT NULL
);

-- What mails quote (`touchmark.texts`): customers' questions and the studio's answers. A tombstone deletes the row.
CREATE TABLE quotable_text (
    text uuid PRIMARY KEY,
    body text NOT NULL
);

-- Who reads the mails about a commission.
--   customer   requested the piece (`touchmark.commissions`)
--   maker      makes it, by the newest fact of `touchmark.production`
CREATE TABLE addressee (
    commission uuid NOT NULL,
    addressee text NOT NULL CHECK (addressee IN ('customer', 'maker')),
    person uuid NOT NULL,
    PRIMARY KEY (commission, addressee)
);

-- The facts of a commission that its mails depend on: those that mails come from, and those that complete one or make it
-- untrue. Ids, enums, amounts and times only. They go when the commission's customer is erased.
CREATE TABLE fact (
    commission uuid NOT NULL,
    type text NOT NULL,
    version bigint NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (commission, type, version)
);

-- What happened on a topic before this instant is mailed to nobody. It is set when notify first starts to read the topic,
-- and kept: reading the topic again from the beginning mails nothing old.
CREATE TABLE cut_over (
    topic text PRIMARY KEY,
    at timestamptz NOT NULL
);

-- One mail per commission, intent, and what it is about. Its words are not stored: they are written when it is sent.
--   waiting -> sending      a mailer leased it
--   sending -> sending      the lease ended without a result (the mailer is gone): another mailer leased it
--   sending -> waiting      postponed, or the server was out of reach: again at due_at
--   sending -> sent         the server accepted it; final
--   sending -> refused      the server refused it, or no mail can be sent to that address; final
--   sending, waiting -> given_up   it was tried for too long, or the address never became known; final
--   sending, waiting -> redacted   its person was erased before it was sent; final
--   sending, waiting -> overtaken  a newer fact made it untrue before it was sent, or nobody is left to be asked; final
--   overtaken -> sent   the server had accepted it, which came to be known later; final
--   waiting -> gathered     the daily mail `part_of` tells of it; final, once that is sent
--   gathered -> waiting     the daily mail ended unsent
--   sending, waiting -> incomplete a fact that it needs did not arrive in time; final
--   sending, waiting -> no_address its person has no e-mail address: the studio tells them; final
--   waiting -> too_old      the last mail of a commission, of before the cut-over: the studio tells them; final
-- commission: what it is about; of a mail to a person as such, that person.
-- person: NULL until it is leased, when it goes to the person who is then the commission's `addressee`.
-- intent: one of the contract's; the contract is the only list of them, so that a new mail needs no migration.
-- topic, version, happened_at: the fact that it comes from, and when that happened.
-- in_order: it leaves after the mails to the same addressee whose facts happened before, if they are in_order too.
-- names_piece: it waits a while for the brief.
-- incomplete: at the last look, a fact that it needs was missing.
-- day, amount, code: what the mail says, by the facts that were known when it was last leased; the code goes when the
-- person is erased.
-- text: a text that the mail quotes; it waits for it, and for the brief, for a little while.
-- held_until: not to be sent before, so that several messages are one mail. NULL: at once.
-- good_until: when its link is over: nobody is sent it after that. NULL: it stays good.
-- due_at: when a mailer may lease it next; while it is being sent, the end of the lease. lease: the mailer's, then.
-- traceparent: the trace of the request, which the delivery continues.
-- daily: it leaves with all others that its person is told of once a day.
-- failed: the event that it says has failed, as the fact does; NULL in all other mails.
CREATE TABLE mail (
    mail uuid PRIMARY KEY,
    commission uuid NOT NULL,
    intent text NOT NULL,
    addressee text NOT NULL CHECK (addressee IN ('customer', 'maker', 'person', 'studio')),
    person uuid,
    about uuid,
    topic text NOT NULL,
    version bigint NOT NULL,
    happened_at timestamptz NOT NULL,
    in_order boolean NOT NULL,
    names_piece boolean NOT NULL,
    incomplete boolean NOT NULL DEFAULT false,
    day date,
    amount_minor bigint,
    amount_currency text,
    code text,
    text uuid,
    state text NOT NULL DEFAULT 'waiting' CHECK (
        state IN (
            'waiting', 'sending', 'sent', 'refused', 'given_up', 'redacted', 'overtaken', 'incomplete', 'gathered',
            'no_address', 'too_old'
        )
    ),
    requested_at timestamptz NOT NULL,
    held_until timestamptz,
    good_until timestamptz,
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    lease uuid,
    traceparent text,
    daily boolean NOT NULL DEFAULT false,
    part_of uuid,
    failed jsonb,
    UNIQUE NULLS NOT DISTINCT (commission, intent, about),
    CHECK ((state = 'sending') = (lease IS NOT NULL)),
    CHECK ((amount_minor IS NULL) = (amount_currency IS NULL)),
    CHECK ((state = 'gathered') = (part_of IS NOT NULL)),
    CHECK (addressee <> 'person' OR good_until IS NOT NULL)
);

CREATE INDEX mail_due_at ON mail (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX mail_person ON mail (person);
CREATE INDEX mail_part_of ON mail (part_of) WHERE part_of IS NOT NULL;

-- Every attempt to deliver a mail. `address` is masked; it goes when the person is erased.
--   under_way -> accepted, refused, unwritable, postponed, unreachable (the mailer recorded it)
--   under_way -> interrupted (the mailer did not come back; the server may have taken the mail)
CREATE TABLE delivery (
    mail uuid NOT NULL REFERENCES mail (mail),
    attempt integer NOT NULL,
    begun_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text NOT NULL DEFAULT 'under_way' CHECK (
        outcome IN ('under_way', 'accepted', 'refused', 'unwritable', 'postponed', 'unreachable', 'interrupted')
    ),
    smtp_code integer,
    address text,
    PRIMARY KEY (mail, attempt)
);

-- A paper that goes with a mail (`touchmark.documents`). A tombstone deletes the row, and the erasure of its customer.
-- pdf: NULL once no mail waits for it any more. account, reference: where an invoice is paid, and what the transfer says.
CREATE TABLE document (
    document uuid PRIMARY KEY,
    customer uuid NOT NULL,
    file_name text NOT NULL,
    pdf bytea,
    account jsonb,
    reference text NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX document_received_at ON document (received_at) WHERE pdf IS NOT NULL;
CREATE INDEX document_customer ON document (customer);
