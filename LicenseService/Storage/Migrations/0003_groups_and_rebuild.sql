-- The same projections as the policy service keeps: groups and edges too, since seats are given by groups. What was
-- dropped before this version is brought by a rebuild (POST /api/v1/licenses/rebuild).

ALTER TABLE directories ADD COLUMN last_alert jsonb;    -- the latest mass deactivation

CREATE TABLE groups (
    account_id   uuid   NOT NULL,
    group_id     uuid   NOT NULL,
    directory_id uuid,                 -- null: a user-defined group
    scim_id      uuid   NOT NULL,      -- of the current incarnation
    status       text   NOT NULL CHECK (status IN ('live', 'disabled', 'deleted', 'removed')),
    display_name text   NOT NULL,
    version      bigint NOT NULL CHECK (version > 0),
    -- Facts about edges of the group up to this version are in the table of edges: set by a rebuild, which drops the
    -- removals that it need not remember, so that a late fact cannot bring an edge back.
    edges_known  bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, group_id)
);

-- One row for each pair of incarnations; a removal stays as present = false. A membership is effective while the edge is
-- present, the group's current incarnation is the edge's and live, the user's is the edge's and active.
CREATE TABLE edges (
    account_id    uuid    NOT NULL,
    group_scim_id uuid    NOT NULL,
    user_scim_id  uuid    NOT NULL,
    group_id      uuid    NOT NULL,
    user_id       uuid    NOT NULL,
    present       boolean NOT NULL,
    version       bigint  NOT NULL CHECK (version > 0),    -- of the group
    PRIMARY KEY (account_id, group_scim_id, user_scim_id)
);
-- The members of a group in the order of pages, and the groups of a user.
CREATE INDEX edges_of_group ON edges (account_id, group_scim_id, user_id) INCLUDE (user_scim_id) WHERE present;
CREATE INDEX edges_of_user ON edges (account_id, user_scim_id) INCLUDE (group_id, group_scim_id) WHERE present;

GRANT SELECT, INSERT, UPDATE, DELETE ON groups, edges TO license_app;

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

GRANT SELECT, INSERT, UPDATE, DELETE ON shadow_users, shadow_groups, shadow_edges, shadow_directories TO license_app;
GRANT SELECT, INSERT, UPDATE ON rebuilds TO license_app;
GRANT DELETE ON users, directories TO license_app;      -- a rebuild removes what the directory does not know
