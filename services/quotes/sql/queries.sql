-- name: record_customer(commission, customer, country)!
-- Remembers whose commission it is, and where it is delivered.
INSERT INTO commission (commission, customer, country) VALUES (:commission, :customer, :country)
ON CONFLICT (commission) DO NOTHING;

-- name: keep_brief(commission, version, craft, offering, offering_version, offering_sha256, answers, written_at, images)!
-- Keeps a brief as it was written last, and what an earlier version answered; one that was erased stays erased.
WITH earlier AS (
    INSERT INTO earlier_brief (commission, version, answers)
    SELECT w.commission, w.version, w.answers FROM brief AS w
    WHERE w.commission = :commission AND w.version < :version
    ON CONFLICT (commission, version) DO NOTHING
)
INSERT INTO brief AS b (commission, version, craft, offering, offering_version, offering_sha256, answers, written_at, images)
SELECT :commission, :version, :craft, :offering, :offering_version, :offering_sha256, :answers::jsonb, :written_at, :images
WHERE NOT EXISTS (SELECT 1 FROM erased_brief AS e WHERE e.commission = :commission)
ON CONFLICT (commission) DO UPDATE SET
    version = excluded.version,
    craft = excluded.craft,
    offering = excluded.offering,
    offering_version = excluded.offering_version,
    offering_sha256 = excluded.offering_sha256,
    answers = excluded.answers,
    written_at = excluded.written_at,
    images = excluded.images
WHERE b.version <= excluded.version;

-- name: erase_brief(commission, erased_at)!
-- Forgets a brief, and remembers that it was erased.
WITH erased AS (
    INSERT INTO erased_brief (commission, erased_at) VALUES (:commission, :erased_at)
    ON CONFLICT (commission) DO NOTHING
), earlier AS (
    DELETE FROM earlier_brief WHERE commission = :commission
)
DELETE FROM brief WHERE commission = :commission;

-- name: brief(commission)^
-- The brief of a commission.
SELECT commission, version, craft, offering, offering_version, offering_sha256, answers, written_at, images
FROM brief WHERE commission = :commission;

-- name: earlier_answers(commission, version)$
-- What an earlier version of the brief answered, as far as it came here.
SELECT answers::text AS answers FROM earlier_brief WHERE commission = :commission AND version = :version;

-- name: quoted_before(quote, brief_version)^
-- The newest version of a quote that was made from an older brief, and of which version that was.
SELECT version, brief_version FROM quote_version
WHERE quote = :quote AND brief_version < :brief_version
ORDER BY version DESC LIMIT 1;

-- name: withdraw_offer(quote, at)$
-- Ends the version that is with the customer, since what is wished has changed; returns its number.
UPDATE quote_version SET state = 'replaced', ended_at = :at
WHERE quote = :quote AND state = 'sent'
RETURNING version;

-- name: erased_at(commission)$
-- When the brief of a commission was erased; nothing if it was not.
SELECT erased_at FROM erased_brief WHERE commission = :commission;

-- name: make_quote(quote, commission)!
-- Makes the quote of a commission where there is none.
INSERT INTO quote (quote, commission, newest) VALUES (:quote, :commission, 0)
ON CONFLICT (commission) DO NOTHING;

-- name: lock_head(commission)^
-- Takes the lock of a commission's quote until the commit.
SELECT q.quote, q.commission, q.newest, c.customer, q.held_until, q.ready_by, q.ready_by_p50, q.offered, q.accepted
FROM quote AS q INNER JOIN commission AS c ON c.commission = q.commission
WHERE q.commission = :commission
FOR UPDATE OF q;

-- name: head(commission)^
-- A commission's quote without its lines.
SELECT q.quote, q.commission, q.newest, c.customer, q.held_until, q.ready_by, q.ready_by_p50, q.offered, q.accepted
FROM quote AS q INNER JOIN commission AS c ON c.commission = q.commission
WHERE q.commission = :commission;

-- name: hold(quote, held_until, ready_by, ready_by_p50)!
-- Keeps the days of a quote, and until when hours are held for it; what is not given stays as it was.
UPDATE quote SET
    held_until = coalesce(:held_until::timestamptz, held_until),
    ready_by = coalesce(:ready_by::date, ready_by),
    ready_by_p50 = coalesce(:ready_by_p50::date, ready_by_p50)
WHERE quote = :quote;

-- name: owner(commission)$
-- Whose commission it is.
SELECT customer FROM commission WHERE commission = :commission;

-- name: delivery_country(commission)$
-- Where a commission is delivered; null where it is not known.
SELECT country FROM commission WHERE commission = :commission AND country IS NOT NULL;

-- name: replace_draft(quote, at)!
-- Ends the version that is still a draft, since a newer one comes.
UPDATE quote_version SET state = 'replaced', ended_at = :at
WHERE quote = :quote AND state = 'drafted';

-- name: add_version(quote, version, brief_version, craft, offering, offering_version, currency, net, vat, total, drafted_at, conditions)!
-- Adds a drafted version, the newest one now.
WITH newest AS (
    UPDATE quote SET newest = :version WHERE quote = :quote
)
INSERT INTO quote_version (
    quote, version, brief_version, craft, offering, offering_version, currency, net_minor, vat_minor, total_minor, drafted_at, conditions
)
VALUES (
    :quote, :version, :brief_version, :craft, :offering, :offering_version, :currency, :net, :vat, :total, :drafted_at,
    :conditions::jsonb
);

-- name: add_lines(lines)!
-- Adds the lines of a version, given as a JSON array of rows.
INSERT INTO quote_line (
    quote, version, place, code, option, measured, amount_minor, base_minor, quantity, unit, unit_minor,
    adjusted_from_minor, adjusted_reason, title
)
SELECT
    l.quote, l.version, l.place, l.code, l.option, l.measured, l.amount_minor, l.base_minor, l.quantity, l.unit, l.unit_minor,
    l.adjusted_from_minor, l.adjusted_reason, l.title
FROM jsonb_to_recordset(:lines::jsonb) AS l (
    quote uuid, version integer, place integer, code text, option text, measured numeric, amount_minor bigint,
    base_minor bigint, quantity numeric, unit text, unit_minor bigint, adjusted_from_minor bigint, adjusted_reason text,
    title text
);

-- name: end_open(quote, state, at, reason)
-- Ends every version that is a draft or sent; returns their numbers.
UPDATE quote_version SET state = :state, ended_at = :at, end_reason = :reason
WHERE quote = :quote AND state IN ('drafted', 'sent')
RETURNING version;

-- name: send(quote, version, at, valid_until, deposit, ready_by, ready_by_p50, offer)!
-- Puts a draft before the customer; the version that was sent before it is replaced.
WITH replaced AS (
    UPDATE quote_version SET state = 'replaced', ended_at = :at WHERE quote = :quote AND state = 'sent'
), offered AS (
    UPDATE quote SET offered = :version WHERE quote = :quote
)
UPDATE quote_version SET
    state = 'sent', sent_at = :at, valid_until = :valid_until, deposit_minor = :deposit, ready_by = :ready_by,
    ready_by_p50 = :ready_by_p50,
    offer = :offer::jsonb
WHERE quote = :quote AND version = :version;

-- name: accept(quote, version, at)!
-- The customer agreed to this version; a draft that was to replace it is replaced itself.
WITH moot AS (
    UPDATE quote_version SET state = 'replaced', ended_at = :at WHERE quote = :quote AND state = 'drafted'
), agreed AS (
    UPDATE quote SET accepted = :version WHERE quote = :quote
)
UPDATE quote_version SET state = 'accepted', accepted_at = :at
WHERE quote = :quote AND version = :version;

-- name: cancel_accepted(quote, version, at, reason)!
-- Ends a version that was accepted.
UPDATE quote_version SET state = 'cancelled', ended_at = :at, end_reason = :reason
WHERE quote = :quote AND version = :version AND state = 'accepted';

-- name: decline(quote, version, reason, text, words)!
-- Keeps why the customer does not want it.
UPDATE quote_version SET decline_reason = :reason, decline_text = :text, decline_words = :words
WHERE quote = :quote AND version = :version;

-- name: extend(quote, until)$
-- Lets the version that was sent be accepted for longer, never shorter; returns until when.
UPDATE quote_version SET valid_until = greatest(valid_until, :until)
WHERE quote = :quote AND state = 'sent'
RETURNING valid_until;

-- name: hold_longer(quote, until)!
-- Keeps that the maker's hours are held for longer, never shorter.
UPDATE quote SET held_until = greatest(held_until, :until) WHERE quote = :quote;

-- name: version_known(commission, quote, version)$
-- Whether this commission has this version of this quote.
SELECT EXISTS (
    SELECT 1 FROM quote AS q INNER JOIN quote_version AS v ON v.quote = q.quote
    WHERE q.commission = :commission AND q.quote = :quote AND v.version = :version
) AS known;

-- name: version(quote, version)^
-- One version of a quote.
SELECT
    v.quote, v.version, q.commission, v.brief_version, v.craft, v.offering, v.offering_version, v.state, v.currency, v.net_minor, v.vat_minor,
    v.total_minor, v.drafted_at, v.ended_at, v.end_reason, v.sent_at, v.valid_until, v.deposit_minor,
    coalesce(v.ready_by, q.ready_by) AS ready_by,
    coalesce(v.ready_by_p50, q.ready_by_p50) AS ready_by_p50, v.offer, v.accepted_at, v.decline_reason, v.decline_text, v.decline_words,
    v.conditions::text AS conditions
FROM quote AS q
INNER JOIN quote_version AS v ON v.quote = q.quote
WHERE v.quote = :quote AND v.version = :version;

-- name: lines(quote, version)
-- The lines of a version in their order, VAT last.
SELECT
    l.code, l.option, l.measured, l.amount_minor, l.base_minor, l.quantity, l.unit, l.unit_minor,
    l.adjusted_from_minor, l.adjusted_reason, l.title
FROM quote_line AS l
WHERE l.quote = :quote AND l.version = :version
ORDER BY l.place;

-- name: newest(state, among, before, before_quote, at_most)
-- The accepted or newest versions of all quotes, of one state and among these commissions if they are given, newest first, from the
-- one after the place on.
SELECT
    v.quote, v.version, q.commission, v.craft, v.offering, v.offering_version, v.state, v.currency,
    v.total_minor, v.drafted_at, v.valid_until,
    (SELECT count(*) FROM question AS o WHERE o.commission = q.commission AND o.answer IS NULL) AS open_questions
FROM quote AS q
INNER JOIN quote_version AS v ON v.quote = q.quote AND v.version = coalesce(q.accepted, q.newest)
WHERE (:state::text IS NULL OR v.state = :state::text)
    AND (:among::uuid [] IS NULL OR q.commission = any(:among::uuid []))
    AND (:before::timestamptz IS NULL OR (v.drafted_at, v.quote) < (:before::timestamptz, :before_quote::uuid))
ORDER BY v.drafted_at DESC, v.quote DESC
LIMIT :at_most;

-- name: ask(question, commission, quote, version, author, body, asked_at)!
-- Keeps what the customer asked.
INSERT INTO question (question, commission, quote, version, author, body, asked_at)
VALUES (:question, :commission, :quote, :version, :author, :body, :asked_at);

-- name: answer(question, answer, answered_by, body, at)!
-- Keeps the studio's answer.
UPDATE question SET answer = :answer, answered_by = :answered_by, answer_body = :body, answered_at = :at
WHERE question = :question AND answer IS NULL;

-- name: questions(commission)
-- What was asked about a commission's quote, oldest first.
SELECT question, commission, version, author, body, asked_at, answer, answer_body, answered_at
FROM question WHERE commission = :commission ORDER BY asked_at, question;

-- name: open_questions(at_most)
-- The questions that nobody has answered, of all commissions, oldest first.
SELECT question, commission, version, author, body, asked_at, answer, answer_body, answered_at
FROM question WHERE answer IS NULL ORDER BY asked_at, question LIMIT :at_most;

-- name: erase_text(text)
-- Forgets the words of a text; returns the commission that it was about.
WITH asked AS (
    UPDATE question SET body = NULL WHERE question = :text RETURNING commission
), answered AS (
    UPDATE question SET answer_body = NULL WHERE answer = :text RETURNING commission
), claimed AS (
    UPDATE claim SET answer_body = NULL WHERE answer = :text RETURNING commission
), declined AS (
    UPDATE quote_version AS v SET decline_words = NULL FROM quote AS q
    WHERE v.decline_text = :text AND q.quote = v.quote RETURNING q.commission
)
SELECT commission FROM asked UNION SELECT commission FROM answered UNION SELECT commission FROM claimed
UNION SELECT commission FROM declined;

-- name: record_person(person, version, name, words)
-- Keeps a person's name as this record says, with its words; an older record, and one of somebody who was erased, changes nothing.
-- Seals the invoices and papers that waited for it; returns whose.
WITH known AS (
    INSERT INTO person (person, version, name)
    SELECT :person, :version, :name WHERE NOT EXISTS (SELECT 1 FROM erased_person AS e WHERE e.person = :person)
    ON CONFLICT (person) DO UPDATE SET version = excluded.version, name = excluded.name
    WHERE person.version < excluded.version
    RETURNING person
), forgotten AS (
    DELETE FROM person_word
    WHERE person_word.person IN (SELECT k.person FROM known AS k) AND person_word.word <> all(:words::text [])
), added AS (
    INSERT INTO person_word (word, person)
    SELECT w.word, k.person FROM known AS k CROSS JOIN unnest(:words::text []) AS w (word)
    ON CONFLICT (word, person) DO NOTHING
), papers AS (
    UPDATE paper AS p SET customer_name = :name FROM known AS k
    WHERE p.customer = k.person AND p.customer_name IS NULL
    RETURNING p.commission
), invoices AS (
    UPDATE invoice AS i SET customer_name = :name FROM known AS k
    WHERE i.customer = k.person AND i.customer_name IS NULL
    RETURNING i.commission
)
SELECT commission FROM papers UNION SELECT commission FROM invoices;

-- name: erase_person(person, at)!
-- Forgets a person's name, and remembers that they were erased.
WITH erased AS (
    INSERT INTO erased_person (person, erased_at) VALUES (:person, :at)
    ON CONFLICT (person) DO NOTHING
)
DELETE FROM person WHERE person = :person;

-- name: person_name(person)$
-- The name of a person, if it is known here.
SELECT name FROM person WHERE person = :person;

-- name: revision(commission)$
-- A short text that changes whenever something of this commission does: brief, versions, questions, claims, or money.
SELECT concat_ws(
    '/',
    (SELECT c.customer::text FROM commission AS c WHERE c.commission = :commission),
    (SELECT b.version::text FROM brief AS b WHERE b.commission = :commission),
    (SELECT e.erased_at::text FROM erased_brief AS e WHERE e.commission = :commission),
    (
        SELECT string_agg(concat_ws(':', v.version, v.state, v.valid_until), ',' ORDER BY v.version)
        FROM quote AS q INNER JOIN quote_version AS v ON v.quote = q.quote
        WHERE q.commission = :commission
    ),
    (
        SELECT concat_ws(':', s.number, s.state, s.asked_at < now() - '10 seconds'::interval, q.ready_by)
        FROM quote AS q INNER JOIN sending AS s ON s.quote = q.quote
        WHERE q.commission = :commission
    ),
    (SELECT concat_ws(':', count(*), count(o.answer), count(o.body)) FROM question AS o WHERE o.commission = :commission),
    (SELECT concat_ws(':', count(*), count(l.answer), count(l.answer_body)) FROM claim AS l WHERE l.commission = :commission),
    (SELECT string_agg(concat_ws(':', x.number, x.state), ',' ORDER BY x.number) FROM change_order AS x WHERE x.commission = :commission),
    (SELECT count(*)::text FROM ledger_transaction AS j WHERE j.commission = :commission),
    (SELECT count(*)::text FROM invoice AS i WHERE i.commission = :commission AND i.customer_name IS NOT NULL),
    (
        SELECT string_agg(x.until_day::text, ',' ORDER BY i.number)
        FROM invoice AS i INNER JOIN invoice_extended AS x ON x.invoice = i.invoice
        WHERE i.commission = :commission
    )
) AS revision;
