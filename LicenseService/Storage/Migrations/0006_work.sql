-- What is still to be looked at, so that any replica takes it up and nothing is lost with one that dies. Appended in the
-- transaction of the change, never updated in place: whoever works on one row hinders nobody who adds the next.

CREATE TABLE pending_users (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    since      timestamptz NOT NULL
);

-- A walk over many users in batches; cursor is the last user of the batch that was committed last.
CREATE TABLE work (
    account_id  uuid        NOT NULL,
    work_id     uuid        NOT NULL,
    cause       text        NOT NULL,              -- ruleMade, ruleMoved, ruleDeleted, groupChanged, rebuilt
    scope       text        NOT NULL CHECK (scope IN ('group', 'users', 'pool')),
    target      uuid,                              -- SCIM id of a group's incarnation, or a pool; null: all users
    created_at  timestamptz NOT NULL,
    total       bigint,                            -- counted when it begins
    done        bigint      NOT NULL DEFAULT 0,
    freed       bigint      NOT NULL DEFAULT 0,
    queued      bigint      NOT NULL DEFAULT 0,
    cursor      uuid,
    advanced_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (account_id, work_id),
    CONSTRAINT target_of_scope CHECK ((scope = 'users') = (target IS NULL))
);
CREATE INDEX work_open ON work (advanced_at) WHERE finished_at IS NULL;

-- Seats asked for and not given, folded per user, reason and hour.
CREATE TABLE refusals (
    account_id uuid        NOT NULL,
    pool_id    uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    reason     text        NOT NULL,
    hour       timestamptz NOT NULL,
    times      bigint      NOT NULL DEFAULT 1,
    last_at    timestamptz NOT NULL,
    rule_id    uuid,                               -- null: an admin asked
    actor_kind text        NOT NULL,
    actor_id   text        NOT NULL,
    actor_name text,
    PRIMARY KEY (account_id, user_id, pool_id, reason, hour)
);

-- Users wait and no seat is left for them: from when until when.
CREATE TABLE alerts (
    account_id  uuid        NOT NULL,
    alert_id    uuid        NOT NULL,
    pool_id     uuid        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('seatsExhausted')),
    at          timestamptz NOT NULL,
    resolved_at timestamptz,
    PRIMARY KEY (account_id, alert_id),
    FOREIGN KEY (account_id, pool_id) REFERENCES pools (account_id, pool_id)
);
CREATE UNIQUE INDEX one_open_alert ON alerts (account_id, pool_id, kind) WHERE resolved_at IS NULL;

-- How many seats were bought, and when that changed.
CREATE TABLE pool_history (
    account_id uuid        NOT NULL,
    entry      bigint      GENERATED ALWAYS AS IDENTITY,
    pool_id    uuid        NOT NULL,
    seats      integer     NOT NULL,
    actor_kind text        NOT NULL,
    actor_id   text        NOT NULL,
    actor_name text,
    at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, pool_id, entry)
);

-- Locking a row (FOR UPDATE) takes the right to update it.
GRANT SELECT, INSERT, UPDATE, DELETE ON pending_users, work TO license_app;
GRANT SELECT, INSERT, UPDATE ON refusals, alerts TO license_app;
GRANT SELECT, INSERT ON pool_history TO license_app;
