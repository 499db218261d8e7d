-- Rules give seats to users whom nobody named: all of them, those of directories, the manual ones, or the members of a
-- group. Which rules give a seat to a user is never stored; it is read from the projections when it matters.

CREATE TABLE rules (
    account_id      uuid        NOT NULL,
    rule_id         uuid        NOT NULL,
    pool_id         uuid        NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('allUsers', 'allScimUsers', 'allManualUsers', 'group')),
    group_id        uuid,                          -- internal id: a group that is deleted and comes back attaches again
    position        integer     NOT NULL CHECK (position >= 0),   -- lower comes first; the id decides between equals
    created_at      timestamptz NOT NULL,
    created_by_kind text        NOT NULL,
    created_by_id   text        NOT NULL,
    created_by_name text,
    PRIMARY KEY (account_id, rule_id),
    FOREIGN KEY (account_id, pool_id) REFERENCES pools (account_id, pool_id),
    CONSTRAINT group_rules_name_a_group CHECK ((kind = 'group') = (group_id IS NOT NULL)),
    CONSTRAINT one_rule_of_a_kind UNIQUE NULLS NOT DISTINCT (account_id, pool_id, kind, group_id)
);
CREATE INDEX rules_of_group ON rules (account_id, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX rules_of_everyone ON rules (account_id) WHERE group_id IS NULL;

-- Why the seat is held: because an admin gave it (manual_at), because of rules, or both.
ALTER TABLE grants
    ADD COLUMN manual_at      timestamptz,         -- null: no admin gave it
    ADD COLUMN manual_by_kind text,
    ADD COLUMN manual_by_id   text,
    ADD COLUMN manual_by_name text,
    ADD COLUMN rule_id        uuid;                -- the rule by which it was given, or kept when an admin took it; that rule may be gone
UPDATE grants SET manual_at = granted_at, manual_by_kind = granted_by_kind, manual_by_id = granted_by_id, manual_by_name = granted_by_name;
ALTER TABLE grants ADD CONSTRAINT held_for_a_reason CHECK (manual_at IS NOT NULL OR rule_id IS NOT NULL);

ALTER TABLE grant_history
    DROP CONSTRAINT grant_history_kind_check,
    ADD CHECK (kind IN ('granted', 'freed', 'reasonAdded', 'reasonEnded')),   -- the latter two: an admin gave or took a seat that rules give as well
    ADD COLUMN rule_id uuid,                       -- the rule that gave the seat
    ADD COLUMN fact_at timestamptz;                -- when the directory recorded the fact that freed it
CREATE INDEX grant_history_of_facts ON grant_history (account_id, fact_at) WHERE fact_at IS NOT NULL;

-- Whom a rule wants to give a seat, and has not. The line: by order of the rules, then since when, then user id.
CREATE TABLE waiting (
    account_id    uuid        NOT NULL,
    pool_id       uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    rule_id       uuid        NOT NULL,            -- the first rule that gives a seat to the user
    deactivations bigint      NOT NULL,            -- the user's counter: who was not active meanwhile waits anew
    since         timestamptz NOT NULL,
    told          boolean     NOT NULL DEFAULT false,   -- that there was no seat stands in refusals
    own           boolean     NOT NULL DEFAULT false,   -- a seat is kept back that this user held
    PRIMARY KEY (account_id, pool_id, user_id),
    FOREIGN KEY (account_id, pool_id) REFERENCES pools (account_id, pool_id)
);
CREATE INDEX waiting_in_line ON waiting (account_id, pool_id, rule_id, since, user_id);
CREATE INDEX waiting_untold ON waiting (account_id, pool_id) WHERE NOT told;
CREATE INDEX waiting_for_own ON waiting (account_id, pool_id, user_id) WHERE own;

GRANT SELECT, INSERT, UPDATE (position), DELETE ON rules TO license_app;
GRANT UPDATE (manual_at, manual_by_kind, manual_by_id, manual_by_name, rule_id) ON grants TO license_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON waiting TO license_app;
