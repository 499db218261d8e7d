-- What this service knows of users, groups, memberships and directories: projections of the directory service's facts.
-- A row holds the newest version seen; a fact that is not newer changes nothing. No foreign key leads here: facts come
-- in any order (an edge before its group or its user), and a rebuild replaces these tables while policies (0002) stay.

CREATE TABLE users (
    account_id   uuid   NOT NULL,
    user_id      uuid   NOT NULL,
    directory_id uuid,                 -- null: a manual user
    scim_id      uuid   NOT NULL,      -- of the current incarnation: edges of an earlier one do not count
    status       text   NOT NULL CHECK (status IN ('active', 'unassigned', 'disabled', 'deleted', 'removed')),
    user_name    text   NOT NULL,
    display_name text,
    version      bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (account_id, user_id)
);

CREATE TABLE groups (
    account_id   uuid   NOT NULL,
    group_id     uuid   NOT NULL,
    directory_id uuid,                 -- null: a user-defined group
    scim_id      uuid   NOT NULL,      -- of the current incarnation
    status       text   NOT NULL CHECK (status IN ('live', 'disabled', 'deleted', 'removed')),
    display_name text   NOT NULL,
    version      bigint NOT NULL CHECK (version > 0),
    PRIMARY KEY (account_id, group_id)
);

-- One row for each pair of incarnations that ever was; a removal stays as present = false, so that an older fact which
-- comes late cannot bring the edge back. A membership is effective while
--   the edge is present, the group's current incarnation is the edge's and live, the user's is the edge's and active;
-- so that disabling or deleting a group of a million members changes one row of groups and none of these.
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

CREATE TABLE directories (
    account_id   uuid    NOT NULL,
    directory_id uuid    NOT NULL,
    name         text    NOT NULL,
    provider     text    NOT NULL,
    deleted      boolean NOT NULL,
    version      bigint  NOT NULL CHECK (version > 0),
    PRIMARY KEY (account_id, directory_id)
);

GRANT SELECT, INSERT, UPDATE ON users, groups, edges, directories TO policy_app;
