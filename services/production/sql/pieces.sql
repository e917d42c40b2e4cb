-- name: pieces(pieces)
-- These pieces as they are, with what was promised.
SELECT
    p.piece, p.commission, p.promise, r.maker, r.craft, r.offering, r.offering_version, p.state, p.brief_version,
    r.ready_by, r.ready_by_p50, r.needed_by,
    p.booked_at, p.paused_at, p.made_at, p.packed_at, p.paid_at, p.handed_over_at, p.carrier, p.tracking, p.delivered_at,
    p.stopped_at, p.cancel_percent, p.packed_for, p.address_asked_at, p.missed_at, p.claim,
    p.frozen_by, p.frozen_from, p.changed_at
FROM piece AS p
INNER JOIN promise AS r ON r.promise = p.promise
WHERE p.piece = any(:pieces::uuid []);

-- name: lock_piece(piece)$
-- Takes the lock of everything that happens to a piece until the commit.
SELECT p.piece FROM piece AS p WHERE p.piece = :piece FOR UPDATE;

-- name: tasks(pieces)
-- The tasks of these pieces.
SELECT
    t.piece, t.task, t.stage, t.place, t.state, t.planned_minutes, t.starts_on, t.due_on, t.rework,
    t.worked_seconds, t.begun_at, t.running_since, t.finished_at, t.after, t.performer
FROM task AS t
WHERE t.piece = any(:pieces::uuid [])
ORDER BY t.piece, t.place, t.task;

-- name: gates(pieces)
-- How far these pieces are with their gates.
SELECT g.piece, g.gate, g.reached_at, g.opened_at, g.passed_at, g.voided_at
FROM gate AS g WHERE g.piece = any(:pieces::uuid []) ORDER BY g.piece, g.gate;

-- name: sign_offs(pieces)
-- What is signed off for these pieces.
SELECT s.piece, s.gate, s.sign_off, s.brief_version, s.signed_at, s.person, s.approval
FROM sign_off AS s WHERE s.piece = any(:pieces::uuid []) ORDER BY s.piece, s.signed_at;

-- name: piece_of_task(task)$
-- Which piece a task is for.
SELECT t.piece FROM task AS t WHERE t.task = :task;

-- name: of_commission(commission)$
-- The piece of a commission.
SELECT p.piece FROM piece AS p WHERE p.commission = :commission;

-- name: commission_of(piece)$
-- The commission of a piece.
SELECT p.commission FROM piece AS p WHERE p.piece = :piece;

-- name: add_piece(piece, commission, promise, state, brief_version, booked_at)!
-- Adds a piece whose hours were booked.
INSERT INTO piece (piece, commission, promise, state, brief_version, booked_at)
VALUES (:piece, :commission, :promise, :state, :brief_version, :booked_at);

-- name: save_piece(piece, state, brief_version, paused_at, made_at, packed_at, paid_at, handed_over_at, carrier, tracking, delivered_at, stopped_at, cancel_percent, packed_for, address_asked_at, missed_at, claim, frozen_by, frozen_from, changed_at)!
-- Saves a piece's state, and counts the change.
UPDATE piece SET
    state = :state, brief_version = :brief_version, paused_at = :paused_at, made_at = :made_at,
    packed_at = :packed_at, paid_at = :paid_at, handed_over_at = :handed_over_at, carrier = :carrier,
    tracking = :tracking, delivered_at = :delivered_at, stopped_at = :stopped_at, cancel_percent = :cancel_percent,
    packed_for = :packed_for, address_asked_at = :address_asked_at,
    missed_at = :missed_at, claim = :claim, frozen_by = :frozen_by, frozen_from = :frozen_from,
    changed_at = :changed_at, changes = changes + 1
WHERE piece = :piece;

-- name: save_task(piece, task, stage, place, rework, state, planned_minutes, worked_seconds, starts_on, due_on, begun_at, running_since, finished_at, after, performer)!
-- Adds a task, or saves its state.
INSERT INTO task (
    task, piece, stage, place, rework, state, planned_minutes, worked_seconds, starts_on, due_on, begun_at,
    running_since, finished_at, after, performer
)
VALUES (
    :task, :piece, :stage, :place, :rework, :state, :planned_minutes, :worked_seconds, :starts_on, :due_on, :begun_at,
    :running_since, :finished_at, :after, :performer
)
ON CONFLICT (task) DO UPDATE SET
    state = excluded.state, worked_seconds = excluded.worked_seconds, starts_on = excluded.starts_on,
    due_on = excluded.due_on, begun_at = excluded.begun_at, running_since = excluded.running_since,
    finished_at = excluded.finished_at;

-- name: save_gate(piece, gate, reached_at, opened_at, passed_at, voided_at)!
-- Records how far a piece is with a gate.
INSERT INTO gate (piece, gate, reached_at, opened_at, passed_at, voided_at)
VALUES (:piece, :gate, :reached_at, :opened_at, :passed_at, :voided_at)
ON CONFLICT (piece, gate) DO UPDATE SET
    reached_at = excluded.reached_at, opened_at = excluded.opened_at, passed_at = excluded.passed_at,
    voided_at = excluded.voided_at;

-- name: save_sign_off(piece, gate, sign_off, person, approval, brief_version, signed_at)!
-- Records who signed something off; the first sign-off stays.
INSERT INTO sign_off (piece, gate, sign_off, person, approval, brief_version, signed_at)
VALUES (:piece, :gate, :sign_off, :person, :approval, :brief_version, :signed_at)
ON CONFLICT (piece, gate, sign_off) DO NOTHING;

-- name: remove_sign_off(piece, gate, sign_off)!
-- Removes a sign-off of a piece that is reworked; the journal keeps it.
DELETE FROM sign_off AS s WHERE s.piece = :piece AND s.gate = :gate AND s.sign_off = :sign_off;

-- name: add_check_result(task, check_id, measured, low, high, unit, met, checked_at, checked_by)!
-- Keeps one line of the checklist as it was filled in.
INSERT INTO check_result (task, check_id, measured, low, high, unit, met, checked_at, checked_by)
VALUES (:task, :check_id, :measured, :low, :high, :unit, :met, :checked_at, :checked_by);

-- name: check_results(piece)
-- The checklist of a piece as it was filled in, each time that it was.
SELECT r.task, r.check_id, r.measured, r.low, r.high, r.unit, r.met, r.checked_at
FROM check_result AS r
INNER JOIN task AS t ON t.task = r.task
WHERE t.piece = :piece
ORDER BY r.checked_at, r.check_id;

-- name: add_note(note, task, author, author_role, body, written_at, shown_from)!
-- Keeps a maker's note, to be shown to the customer later.
INSERT INTO note (note, task, author, author_role, body, written_at, shown_from)
VALUES (:note, :task, :author, :author_role, :body, :written_at, :shown_from);

-- name: notes(piece)
-- The notes about a piece, newest first; those that were erased have no words, and those that were withdrawn are not here.
SELECT n.note, n.task, n.body, n.written_at, n.shown_from, n.published_at
FROM note AS n
INNER JOIN task AS t ON t.task = n.task
WHERE t.piece = :piece AND n.withdrawn_at IS NULL
ORDER BY n.written_at DESC, n.note DESC;

-- name: erase_note(note)!
-- Forgets what a note said.
UPDATE note SET body = NULL WHERE note = :note;

-- name: add_mishap(mishap, task, kind, back_to, reported_by, reported_at, cause, words, before)!
-- Keeps what went wrong, and how the piece was before.
INSERT INTO mishap (mishap, task, kind, back_to, reported_by, reported_at, cause, words, before)
VALUES (:mishap, :task, :kind, :back_to, :reported_by, :reported_at, :cause, :words, :before::jsonb);

-- name: mishap_before(mishap)$
-- How the piece was before a mishap.
SELECT m.before::text FROM mishap AS m WHERE m.mishap = :mishap;

-- name: undo_mishap(mishap, at)!
-- Marks a mishap as reported by mistake.
UPDATE mishap SET undone_at = :at WHERE mishap = :mishap AND undone_at IS NULL;

-- name: mishaps(piece)
-- What went wrong with a piece, newest first.
SELECT m.mishap, m.task, t.stage, m.kind, m.back_to, m.reported_at, m.cause, m.words, m.undone_at
FROM mishap AS m
INNER JOIN task AS t ON t.task = m.task
WHERE t.piece = :piece
ORDER BY m.reported_at DESC, m.mishap DESC;

-- name: record_brief(commission, brief_version, answers, images)!
-- Keeps the newest brief of a commission in place of the one before.
INSERT INTO brief (commission, brief_version, answers, images)
VALUES (:commission, :brief_version, :answers::jsonb, :images)
ON CONFLICT (commission) DO UPDATE SET
    brief_version = excluded.brief_version, answers = excluded.answers, images = excluded.images;

-- name: erase_brief(commission)!
-- Erases the answers and pictures of a brief; its version stays known.
UPDATE brief SET answers = NULL, images = '{}' WHERE commission = :commission;

-- name: brief(commission)^
-- The brief of a commission.
SELECT b.brief_version, b.answers, b.images FROM brief AS b WHERE b.commission = :commission;

-- name: reference_pictures(commissions)
-- The reference pictures of these commissions.
SELECT b.commission, b.images FROM brief AS b WHERE b.commission = ANY(:commissions::uuid []);

-- name: board(maker)
-- The pieces of one maker, or of all, that need work: what starts first comes first. A piece that has arrived comes back to
-- its maker for as long as there is a message that they have not read.
SELECT p.piece
FROM piece AS p
INNER JOIN promise AS r ON r.promise = p.promise
LEFT JOIN task AS t ON t.piece = p.piece AND t.state IN ('ready', 'running', 'paused')
WHERE (
    p.state IN ('making', 'made', 'packed', 'handed_over')
    OR p.state = 'delivered' AND EXISTS (
        SELECT FROM message AS m
        LEFT JOIN message_read AS o ON o.commission = m.commission AND o.person = :maker::uuid
        WHERE m.commission = p.commission AND m.author <> :maker::uuid
            AND (o.read_until IS NULL OR m.written_at > o.read_until)
    )
)
AND (:maker::uuid IS NULL OR r.maker = :maker::uuid)
ORDER BY t.starts_on NULLS FIRST, r.ready_by, p.piece
LIMIT 200;

-- name: board_revision(maker)$
-- A short text that changes whenever something happens to any piece of one maker, or of all, and when anybody writes or reads.
SELECT concat_ws(
    '/', count(*), sum(p.changes), sum(n.version), count(n.name), (SELECT count(*) FROM brief),
    (SELECT max(m.position) FROM message AS m), (SELECT max(r.position) FROM message_read AS r)
) AS revision
FROM piece AS p
INNER JOIN promise AS r ON r.promise = p.promise
LEFT JOIN customer AS c ON c.commission = p.commission
LEFT JOIN customer_name AS n ON n.person = c.customer
WHERE :maker::uuid IS NULL OR r.maker = :maker::uuid;

-- name: piece_revision(commission)$
-- A short text that changes whenever something happens to a piece or to its brief, is written or erased about it, or read.
SELECT concat_ws(
    '/', p.changes, b.brief_version, b.answers IS NULL, n.version, n.name IS NULL,
    (SELECT count(n.body) FROM note AS n INNER JOIN task AS t ON t.task = n.task WHERE t.piece = p.piece),
    (SELECT concat_ws('/', count(*), count(m.body)) FROM message AS m WHERE m.commission = p.commission),
    (SELECT max(r.position) FROM message_read AS r WHERE r.commission = p.commission)
) AS revision
FROM piece AS p
LEFT JOIN brief AS b ON b.commission = p.commission
LEFT JOIN customer AS c ON c.commission = p.commission
LEFT JOIN customer_name AS n ON n.person = c.customer
WHERE p.commission = :commission;
