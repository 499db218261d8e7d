-- The same projections as the license service keeps, and what a rebuild needs (POST /api/v1/policies/rebuild).

-- Not known of users who are here already until a fact about them comes, or a rebuild; no policy asks for them yet.
ALTER TABLE users ADD COLUMN deactivations bigint NOT NULL DEFAULT 0 CHECK (deactivations >= 0), ADD COLUMN has_email boolean NOT NULL DEFAULT false;
ALTER TABLE users ALTER COLUMN deactivations DROP DEFAULT, ALTER COLUMN has_email DROP DEFAULT;
ALTER TABLE directories ADD COLUMN last_alert jsonb;    -- the latest mass deactivation
-- Facts about edges of the group up to this version are in the table of edges: set by a rebuild, which drops the removals
-- that it need not remember, so that a late fact cannot bring an edge back.
ALTER TABLE groups ADD COLUMN edges_known bigint NOT NULL DEFAULT 0;

-- A rebuild fills these from the directory's state feed, and facts that come meanwhile are applied to both.
CREATE TABLE shadow_users       (LIKE users       INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (account_id, user_id));
CREATE TABLE shadow_groups      (LIKE groups      INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (account_id, group_id));
CREATE TABLE shadow_edges       (LIKE edges       INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (account_id, group_scim_id, user_scim_id));
CREATE TABLE shadow_directories (LIKE directories INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (account_id, directory_id));

-- The latest rebuild of each account.
CREATE TABLE rebuilds (
    account_id      uuid        PRIMARY KEY,
    rebuild_id      uuid        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    started_at      timestamptz NOT NULL,
    started_by      text        NOT NULL,
    finished_at     timestamptz CHECK ((state = 'running') = (finished_at IS NULL)),
    rows_read       bigint      NOT NULL DEFAULT 0,
    checksum_before text,
    checksum_after  text        CHECK (state <> 'done' OR checksum_after IS NOT NULL AND checksum_before IS NOT NULL),
    differences     jsonb,                       -- what was found wrong and corrected
    error           text        CHECK ((state = 'failed') = (error IS NOT NULL))
);

GRANT SELECT, INSERT, UPDATE, DELETE ON shadow_users, shadow_groups, shadow_edges, shadow_directories TO policy_app;
GRANT SELECT, INSERT, UPDATE ON rebuilds TO policy_app;
GRANT DELETE ON users, groups, edges, directories TO policy_app;      -- a rebuild removes what the directory does not know
