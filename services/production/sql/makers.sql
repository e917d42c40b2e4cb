-- name: makers()
-- Every maker with what they can do and when they are away, by bench.
SELECT
    m.maker, m.bench, coalesce(m.name, '') AS name, m.state, m.week,
    array(SELECT s.skill FROM maker_skill AS s WHERE s.maker = m.maker) AS skills,
    array(SELECT o.day FROM day_off AS o WHERE o.maker = m.maker) AS days_off
FROM maker AS m
ORDER BY m.bench;

-- name: revisions(skills)
-- The active makers who have all of these skills, each with the revision of the bench.
SELECT m.maker, m.revision FROM maker AS m
WHERE m.state = 'active' AND NOT EXISTS (
    SELECT 1 FROM unnest(:skills::text []) AS n (skill)
    WHERE NOT EXISTS (SELECT 1 FROM maker_skill AS s WHERE s.maker = m.maker AND s.skill = n.skill)
);

-- name: benches(skills, today, since, makers)
-- Those of these makers who are active and have all of these skills, by bench: with what is promised of each from today on,
-- and the minutes that are held from the day `since` on, as three arrays of equal length.
SELECT
    m.revision,
    m.maker, m.bench, coalesce(m.name, '') AS name, m.state, m.week,
    array(SELECT s.skill FROM maker_skill AS s WHERE s.maker = m.maker) AS skills,
    array(SELECT o.day FROM day_off AS o WHERE o.maker = m.maker AND o.day >= :today) AS days_off,
    h.minutes, h.days, h.begins, h.ends
FROM maker AS m
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(upper(t.minutes) - lower(t.minutes)), 0) AS minutes,
        coalesce(array_agg(t.day) FILTER (WHERE t.day >= :since), '{}') AS days,
        coalesce(array_agg(lower(t.minutes)) FILTER (WHERE t.day >= :since), '{}') AS begins,
        coalesce(array_agg(upper(t.minutes)) FILTER (WHERE t.day >= :since), '{}') AS ends
    FROM held_hours AS t
    WHERE t.bench = m.bench AND t.day >= :today
) AS h
WHERE m.state = 'active' AND m.maker = any(:makers::uuid []) AND NOT EXISTS (
    SELECT 1 FROM unnest(:skills::text []) AS n (skill)
    WHERE NOT EXISTS (SELECT 1 FROM maker_skill AS s WHERE s.maker = m.maker AND s.skill = n.skill)
)
ORDER BY m.bench;

-- name: lock_makers(makers)
-- Takes the locks of these makers' benches until the commit, always in the same order, so that hours are planned by one at a time.
SELECT m.maker, m.revision FROM maker AS m WHERE m.maker = any(:makers::uuid []) ORDER BY m.bench FOR UPDATE;

-- name: held_minutes(since)
-- How many minutes of each bench are promised from a day on.
SELECT h.bench, sum(upper(h.minutes) - lower(h.minutes)) AS minutes
FROM held_hours AS h WHERE h.day >= :since GROUP BY h.bench;

-- name: record_maker(maker, version, name)!
-- Adds a maker at a bench of their own, or gives one the name that this record says; an older record changes nothing.
INSERT INTO maker (maker, version, name) VALUES (:maker, :version, :name)
ON CONFLICT (maker) DO UPDATE SET version = excluded.version, name = excluded.name
WHERE maker.version < excluded.version;

-- name: erase_maker(maker)!
-- Forgets a maker's name, for good: no record is newer than this. Nothing is promised of them any more.
UPDATE maker SET name = NULL, version = 9223372036854775807, state = 'resting' WHERE maker = :maker;

-- name: change_maker(maker, state, week)!
-- Records whether a maker is promised new pieces, and their hours; what was planned on the bench is planned anew.
UPDATE maker SET state = :state, week = :week::integer [], revision = nextval('maker_revision') WHERE maker = :maker;

-- name: forget_skills(maker)!
-- Deletes a maker's skills, before the new ones are written.
DELETE FROM maker_skill WHERE maker = :maker;

-- name: add_skills(maker, skills)!
-- Records what a maker can do, each skill once.
INSERT INTO maker_skill (maker, skill) SELECT :maker, s.skill FROM unnest(:skills::text []) AS s (skill)
ON CONFLICT DO NOTHING;

-- name: forget_days_off(maker)!
-- Deletes a maker's days off, before the new ones are written.
DELETE FROM day_off WHERE maker = :maker;

-- name: add_days_off(maker, days)!
-- Records when a maker is away.
INSERT INTO day_off (maker, day) SELECT :maker, d.day FROM unnest(:days::date []) AS d (day);
