-- What production's database looks like once all migrations have run. This file is the truth; a test compares the two.

-- The journal of one piece: how many entries it has, and the digest of the last one. The row is the journal's lock: every
-- writer takes it first, so that entries are numbered without gaps. The serial, drawn when the journal is opened, is the
-- certificate's address (`/c/{serial}`), so that it can lie in the box.
CREATE TABLE journal (
    piece uuid PRIMARY KEY,
    commission uuid NOT NULL UNIQUE,
    serial text NOT NULL UNIQUE CHECK (serial ~ '^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$'),
    entries integer NOT NULL DEFAULT 0,
    last_digest text,
    CHECK ((entries = 0) = (last_digest IS NULL))
);

-- What happened to the piece, each entry bound to the one before it (services/production/domain/journal.py). `said` is
-- canonical JSON without personal data; `by_person` is a maker or an operator.
CREATE TABLE journal_entry (
    piece uuid NOT NULL REFERENCES journal (piece),
    sequence integer NOT NULL CHECK (sequence > 0),
    at timestamptz NOT NULL,
    entry text NOT NULL,
    by_person uuid,
    said text NOT NULL CHECK (said IS JSON OBJECT),
    previous text NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (piece, sequence)
);

-- Entries are append-only: updates and deletes are refused. (The tables' owner can drop the triggers; the digests and the
-- certificate's signature then show the change.)
CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % cannot be changed', tg_table_name USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;

CREATE TRIGGER journal_stays BEFORE DELETE OR TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();
CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();

-- The certificate of a piece: canonical JSON, and the studio's signature (a compact JWS that holds the same text), from the
-- journal as it was then. Issued once, and append-only like the journal.
CREATE TABLE certificate (
    piece uuid PRIMARY KEY REFERENCES journal (piece),
    text text NOT NULL,
    signature text NOT NULL
);

CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON certificate
FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite();

-- Whose commission it is (`touchmark.commissions`), and so who may look at the bench's photos of it. country is where the parcel
-- goes, as an ISO 3166 code.
CREATE TABLE customer (
    commission uuid PRIMARY KEY,
    customer uuid NOT NULL,
    country text
);

-- What customers are called (`touchmark.people`), with the version of that record, and nothing else of them: makers see the first
-- name, and the whole one where a parcel is addressed. Null once it was erased, for good.
CREATE TABLE customer_name (
    person uuid PRIMARY KEY,
    version bigint NOT NULL,
    name text
);

-- How a piece comes to its customer, as chosen last (`touchmark.commissions`); number counts the choices. The address of a parcel is its
-- recipient's on `touchmark.people`, with the version of that record; the words are null once it was erased.
CREATE TABLE delivery (commission uuid PRIMARY KEY, number integer NOT NULL, way text NOT NULL CHECK (way IN ('parcel', 'pickup')), recipient uuid);
CREATE TABLE recipient (
    recipient uuid PRIMARY KEY, version bigint NOT NULL, number integer,
    name text, street text, extra text, postcode text, city text, country text, phone text
);

-- Photos from the bench, re-encoded. public: the maker lets the certificate show it to everybody who has its serial.
--   waiting -> published  at shown_from or soon after: the customer sees it, and the journal has it; for good
--   waiting -> withdrawn  taken back before: nobody sees it any more, and its content is gone; for good
-- A photo of a mishap is never published: only the bench and the studio see it.
CREATE TABLE bench_photo (
    photo uuid PRIMARY KEY,
    piece uuid NOT NULL,
    commission uuid NOT NULL,
    task uuid NOT NULL,
    stage text NOT NULL,
    public boolean NOT NULL,
    taken_by uuid NOT NULL,
    taken_at timestamptz NOT NULL,
    media_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    content bytea NOT NULL,
    shown_from timestamptz NOT NULL,
    published_at timestamptz,
    withdrawn_at timestamptz,
    mishap uuid,
    CHECK (published_at IS NULL OR withdrawn_at IS NULL),
    CHECK (published_at IS NULL OR mishap IS NULL)
);

ALTER TABLE bench_photo ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX bench_photo_piece ON bench_photo (piece, taken_at, photo);
CREATE INDEX bench_photo_due ON bench_photo (shown_from)
WHERE published_at IS NULL AND withdrawn_at IS NULL AND mishap IS NULL;

-- What a maker says of themself on certificates, and only while public; personal data, gone with the person.
CREATE TABLE profile (
    maker uuid PRIMARY KEY,
    public boolean NOT NULL,
    name text NOT NULL,
    words text NOT NULL,
    portrait bytea,
    changed_at timestamptz NOT NULL
);

-- The numbers of the benches; the studio's own maker has the first one.
CREATE SEQUENCE maker_bench AS integer START WITH 2;

-- Who works at which bench. The row is the lock of the bench's hours: every planner takes it first.
--   active <-> resting   nobody is promised anything of a maker who rests; what is promised already stays
-- name and version are read off `touchmark.people`; once the person is erased the name is gone, and no record is newer. week has the minutes of Monday to Sunday, NULL for the
-- hours of the studio's settings.
CREATE TABLE maker (
    maker uuid PRIMARY KEY,
    bench integer NOT NULL UNIQUE DEFAULT nextval('maker_bench'),
    name text,
    version bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'resting')),
    week integer [] CHECK (cardinality(week) = 7)
);

ALTER SEQUENCE maker_bench OWNED BY maker.bench;

-- What a maker can do, in the words of the offerings' stages.
CREATE TABLE maker_skill (
    maker uuid NOT NULL REFERENCES maker (maker),
    skill text NOT NULL,
    PRIMARY KEY (maker, skill)
);

-- Days in the studio's zone on which a maker does not work, besides the public holidays.
CREATE TABLE day_off (
    maker uuid NOT NULL REFERENCES maker (maker),
    day date NOT NULL,
    PRIMARY KEY (maker, day)
);

-- The commissions that their customers withdrew (`touchmark.commissions`).
CREATE TABLE withdrawal (
    commission uuid PRIMARY KEY,
    withdrawn_at timestamptz NOT NULL
);

-- A maker's hours, promised to a commission.
--   held   -> released  nobody took them up; the hours are free again; for good
--   held   -> booked    the customer accepted and paid: the bench has its tasks
--   booked -> done      the piece is made
--   booked, done -> stopped  the piece is not made, or not wanted any more; the hours that are left are free; for good
-- begins_on, ready_by, ready_by_p50 and needed_by are days in the studio's zone: in 90 of 100 cases the piece is ready by the
-- one, in 50 by the other.
CREATE TABLE promise (
    promise uuid PRIMARY KEY,
    commission uuid NOT NULL,
    maker uuid NOT NULL REFERENCES maker (maker),
    craft text NOT NULL,
    offering text NOT NULL,
    offering_version integer NOT NULL,
    state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'booked', 'done', 'stopped', 'released')),
    hands_on_minutes integer NOT NULL,
    begins_on date NOT NULL,
    ready_by date NOT NULL,
    ready_by_p50 date NOT NULL,
    needed_by date,
    held_at timestamptz NOT NULL,
    held_until timestamptz NOT NULL,
    released_at timestamptz,
    release_reason text CHECK (release_reason IN ('lapsed', 'withdrawn', 'declined', 'refused', 'expired', 'cancelled', 'not_sent')),
    CHECK (begins_on <= ready_by_p50 AND ready_by_p50 <= ready_by),
    CHECK ((state = 'released') = (released_at IS NOT NULL)),
    CHECK ((state = 'released') = (release_reason IS NOT NULL))
);

CREATE UNIQUE INDEX promise_held ON promise (commission) WHERE state = 'held';
CREATE INDEX promise_commission ON promise (commission);
CREATE INDEX promise_held_at ON promise (held_at, promise);

-- The hours themselves, while a promise holds them: minutes of a day's work, from its first minute at the bench on.
-- Two promises can never have the same minute of a bench: the exclusion says so in ranges alone, since equality in GiST needs an
-- extension (btree_gist), and a range of one number overlaps another exactly when the numbers are equal.
CREATE TABLE held_hours (
    promise uuid NOT NULL REFERENCES promise (promise),
    stage text NOT NULL,
    bench integer NOT NULL REFERENCES maker (bench),
    day date NOT NULL,
    minutes int4range NOT NULL,
    PRIMARY KEY (promise, day, minutes),
    CHECK (NOT isempty(minutes) AND lower(minutes) >= 0 AND upper(minutes) <= 1440),
    CONSTRAINT held_hours_overlap EXCLUDE USING gist (
        int4range(bench, bench, '[]') WITH &&, daterange(day, day, '[]') WITH &&, minutes WITH &&
    )
);
CREATE INDEX held_hours_bench ON held_hours (bench, day);

-- The newest brief, as `touchmark.briefs` has it. answers are NULL once they were erased, and images empty.
-- images: the reference pictures, which intake keeps and shows.
CREATE TABLE brief (
    commission uuid PRIMARY KEY,
    brief_version integer NOT NULL,
    answers jsonb,
    images uuid [] NOT NULL DEFAULT '{}'
);

-- The order in which messages and read marks came here, for live pages: the greatest tells whether there is news.
CREATE SEQUENCE conversation_position AS bigint;

-- What customer, maker and studio write to each other (`touchmark.texts`), read and shown; intake owns it and its pictures.
-- The body of an erased message is null.
CREATE TABLE message (
    message uuid PRIMARY KEY,
    commission uuid NOT NULL,
    author uuid NOT NULL,
    author_role text NOT NULL CHECK (author_role IN ('customer', 'maker', 'ops')),
    body text,
    images uuid [] NOT NULL,
    written_at timestamptz NOT NULL,
    position bigint NOT NULL DEFAULT nextval('conversation_position')
);

CREATE INDEX message_commission ON message (commission, written_at);
CREATE INDEX message_position ON message (position);

-- Up to when somebody has read the others' messages about a commission (`touchmark.commissions`).
CREATE TABLE message_read (
    commission uuid NOT NULL,
    person uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('customer', 'maker', 'ops')),
    read_until timestamptz NOT NULL,
    position bigint NOT NULL DEFAULT nextval('conversation_position'),
    PRIMARY KEY (commission, person)
);

CREATE INDEX message_read_position ON message_read (position);

-- One piece from the moment its hours are booked; a commission has one today. The row is the lock of everything that happens to it.
--   making      -> made         every stage is done and every check met
--   made        -> packed       it is in its parcel
--   packed      -> handed_over  the carrier has it; only once all is paid (paid_at)
--   handed_over -> delivered    it has arrived; for good
--   packed      -> delivered    likewise: the customer has collected it
--   making, made, packed, handed_over (missed) -> stopped  cancelled; cancel_percent of the price is owed; for good
-- While paused_at is set, nothing of it can be begun. changes counts what happened, for live pages.
-- packed_for is the number of the delivery that it was packed for; address_asked_at is when the customer was asked for one last;
-- missed_at when it was said that the parcel has not come, claim the carrier's reference of the claim. While the change order frozen_by is
-- open, or its brief on its way, nothing is begun from the stage frozen_from on; changed_at is when one was applied last.
CREATE TABLE piece (
    piece uuid PRIMARY KEY,
    commission uuid NOT NULL UNIQUE,
    promise uuid NOT NULL UNIQUE REFERENCES promise (promise),
    state text NOT NULL CHECK (state IN ('making', 'made', 'packed', 'handed_over', 'delivered', 'stopped')),
    brief_version integer NOT NULL,
    booked_at timestamptz NOT NULL,
    paused_at timestamptz,
    made_at timestamptz,
    packed_at timestamptz,
    paid_at timestamptz,
    handed_over_at timestamptz,
    carrier text,
    tracking text,
    delivered_at timestamptz,
    stopped_at timestamptz,
    cancel_percent integer CHECK (cancel_percent BETWEEN 0 AND 100),
    packed_for integer, address_asked_at timestamptz, missed_at timestamptz, claim text, frozen_by uuid CHECK ((frozen_by IS NULL) = (frozen_from IS NULL)), frozen_from text, changed_at timestamptz,
    changes integer NOT NULL DEFAULT 1,
    CHECK (handed_over_at IS NULL OR (paid_at IS NOT NULL AND packed_at IS NOT NULL AND made_at IS NOT NULL)),
    CHECK ((state = 'stopped') = (stopped_at IS NOT NULL)),
    CHECK ((state = 'stopped') = (cancel_percent IS NOT NULL)),
    CHECK (stopped_at IS NULL OR handed_over_at IS NULL OR missed_at IS NOT NULL)
);

-- One stage of the offering's making, for one piece. place is the stage's place in the offering; after are the stages that
-- must be done first, and performer is what the stage keeps busy.
--   pending -> ready    the one before it is done: it is this piece's next
--   ready   -> running  a maker started it; only once the gate before the stage is signed off
--   running -> paused   by the maker, or because the making is paused
--   paused  -> running
--   running, paused -> done
--   done    -> superseded  the piece went back: another task for this stage replaces it, marked as rework
--   pending, ready, running, paused -> void  the same before it was done, or the making was stopped
--   superseded, void -> as before  the mishap that replaced it was undone
-- starts_on and due_on are days in the studio's zone.
CREATE TABLE task (
    task uuid PRIMARY KEY,
    piece uuid NOT NULL REFERENCES piece (piece),
    stage text NOT NULL,
    place integer NOT NULL,
    rework boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'ready', 'running', 'paused', 'done', 'superseded', 'void')),
    planned_minutes integer NOT NULL,
    worked_seconds integer NOT NULL,
    starts_on date NOT NULL,
    due_on date NOT NULL,
    begun_at timestamptz,
    running_since timestamptz,
    finished_at timestamptz,
    after text [] NOT NULL,
    performer text NOT NULL CHECK (performer IN ('maker', 'partner', 'equipment')),
    CHECK ((state = 'running') = (running_since IS NOT NULL)),
    CHECK (state <> 'done' OR finished_at IS NOT NULL),
    CHECK (starts_on <= due_on)
);

CREATE INDEX task_piece ON task (piece);
CREATE UNIQUE INDEX task_open ON task (piece, stage) WHERE state IN ('pending', 'ready', 'running', 'paused');
CREATE UNIQUE INDEX task_current ON task (piece) WHERE state IN ('ready', 'running', 'paused');

-- The steps of a piece that cannot be undone: reached when its stage is next and a sign-off is missing, opened when all are
-- there, passed when the stage began. Never passed before it was opened. A mishap or a check that is not met takes the piece
-- away from what is not signed: reached_at is empty then until it comes to it again. What was passed once stays so, for what a
-- cancellation costs, and opened_at is when all was signed last: sign_off says whether it is still. A change order voids it (voided_at).
CREATE TABLE gate (
    piece uuid NOT NULL REFERENCES piece (piece),
    gate text NOT NULL,
    reached_at timestamptz,
    opened_at timestamptz,
    passed_at timestamptz CHECK (passed_at IS NULL OR opened_at IS NOT NULL),
    voided_at timestamptz CHECK (voided_at IS NULL OR passed_at IS NOT NULL),
    PRIMARY KEY (piece, gate)
);

-- Who signed off what, at which version of the brief: a maker or ops at the bench (person), or the customer (approval, intake's).
-- Sign-offs given at the bench are removed when the piece goes back before the gate.
CREATE TABLE sign_off (
    piece uuid NOT NULL,
    gate text NOT NULL,
    sign_off text NOT NULL,
    person uuid,
    approval uuid,
    brief_version integer NOT NULL,
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (piece, gate, sign_off),
    FOREIGN KEY (piece, gate) REFERENCES gate (piece, gate),
    CHECK ((person IS NULL) <> (approval IS NULL))
);

-- The quality checklist as it was filled in. low and high are what was allowed, in unit, where there is a tolerance.
CREATE TABLE check_result (
    task uuid NOT NULL REFERENCES task (task),
    check_id text NOT NULL,
    measured numeric,
    low numeric,
    high numeric,
    unit text,
    met boolean NOT NULL,
    checked_at timestamptz NOT NULL,
    checked_by uuid NOT NULL,
    PRIMARY KEY (task, check_id)
);

-- Makers' notes for the customer, published on `touchmark.texts`. body is NULL once it was erased.
--   waiting -> published  at shown_from or soon after: the customer reads it, and the journal has it; for good
--   waiting -> withdrawn  taken back before, with its words; for good
CREATE TABLE note (
    note uuid PRIMARY KEY,
    task uuid NOT NULL REFERENCES task (task),
    author uuid NOT NULL,
    body text,
    written_at timestamptz NOT NULL,
    author_role text NOT NULL CHECK (author_role IN ('maker', 'ops')),
    shown_from timestamptz NOT NULL,
    published_at timestamptz,
    withdrawn_at timestamptz,
    CHECK (published_at IS NULL OR withdrawn_at IS NULL),
    CHECK (withdrawn_at IS NULL OR body IS NULL)
);

CREATE INDEX note_task ON note (task, written_at);
CREATE INDEX note_due ON note (shown_from) WHERE published_at IS NULL AND withdrawn_at IS NULL;

-- What went wrong at the bench, and to which stage the piece went back for it.
--   counts -> undone  reported by mistake, and nothing was done since: the piece is as it was
-- before has the piece's tasks, bench sign-offs and hours as they were, without personal data. words are the bench's and the
-- studio's; null once they were erased.
CREATE TABLE mishap (
    mishap uuid PRIMARY KEY,
    task uuid NOT NULL REFERENCES task (task),
    kind text NOT NULL CHECK (
        kind IN ('piece_damaged', 'material_spoilt', 'material_late', 'tool_broken', 'maker_away')
    ),
    back_to text,
    reported_by uuid NOT NULL,
    reported_at timestamptz NOT NULL,
    cause text CHECK (cause IN ('slip', 'material', 'tool', 'unclear', 'outside', 'unknown')),
    words text,
    before jsonb NOT NULL,
    undone_at timestamptz
);

CREATE INDEX mishap_task ON mishap (task);
