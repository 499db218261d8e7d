-- The directory: accounts, directories, users, groups, and the events log that everything else follows.
-- Canonical values are made in .NET; columns that hold them compare bytewise (COLLATE "C").

CREATE TABLE accounts (
  id          uuid PRIMARY KEY,
  name        text NOT NULL CHECK (name <> ''),
  created_at  timestamptz NOT NULL
);

CREATE TABLE api_keys (
  key_id        text COLLATE "C" PRIMARY KEY,
  account_id    uuid NOT NULL REFERENCES accounts,
  name          text NOT NULL,
  role          text NOT NULL CHECK (role IN ('owner', 'admin', 'auditor')),
  secret_hash   bytea NOT NULL CHECK (length(secret_hash) = 32),
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz,
  last_used_at  timestamptz,
  revoked_at    timestamptz
);

-- ES256 keys of access tokens. The newest signs; older ones are published until their tokens have expired.
CREATE TABLE signing_keys (
  key_id       text COLLATE "C" PRIMARY KEY,
  private_key  bytea NOT NULL,
  created_at   timestamptz NOT NULL
);

CREATE TABLE directories (
  id               uuid PRIMARY KEY,
  account_id       uuid NOT NULL REFERENCES accounts,
  name             text NOT NULL CHECK (name <> ''),
  name_key         text COLLATE "C" NOT NULL,
  provider         text NOT NULL CHECK (provider IN ('EntraId', 'Okta', 'OneLogin', 'Dts', 'Generic')),
  conflict_rule    text NOT NULL CHECK (conflict_rule IN ('preserve', 'override')),
  lookup_releases  boolean NOT NULL,
  unknown_members  text NOT NULL CHECK (unknown_members IN ('refuse', 'skip')),
  version          bigint NOT NULL CHECK (version > 0),
  created_at       timestamptz NOT NULL,
  deleted_at       timestamptz,
  -- True or null, so that a foreign key can point at directories that live: a deleted one is no longer there for it.
  alive            boolean GENERATED ALWAYS AS (CASE WHEN deleted_at IS NULL THEN true END) STORED,
  UNIQUE (account_id, id),
  UNIQUE (account_id, id, alive)
);
CREATE UNIQUE INDEX directories_name ON directories (account_id, name_key) WHERE deleted_at IS NULL;

-- Which directory an account's single sign-on takes its users from. It cannot be deleted while it stands here.
CREATE TABLE user_authentication (
  account_id       uuid PRIMARY KEY REFERENCES accounts,
  name             text NOT NULL CHECK (name <> ''),
  directory_id     uuid NOT NULL,
  directory_alive  boolean NOT NULL DEFAULT true CHECK (directory_alive),
  changed_at       timestamptz NOT NULL,
  CONSTRAINT user_authentication_directory FOREIGN KEY (account_id, directory_id, directory_alive)
    REFERENCES directories (account_id, id, alive)
);

-- Two tokens alive at a time, so that one can be rotated while the other serves: a slot each.
CREATE TABLE scim_tokens (
  key_id        text COLLATE "C" PRIMARY KEY,
  account_id    uuid NOT NULL,
  directory_id  uuid NOT NULL,
  slot          smallint NOT NULL CHECK (slot IN (1, 2)),
  secret_hash   bytea NOT NULL CHECK (length(secret_hash) = 32),
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  last_used_at  timestamptz,
  revoked_at    timestamptz,
  FOREIGN KEY (account_id, directory_id) REFERENCES directories (account_id, id)
);
CREATE UNIQUE INDEX scim_tokens_slot ON scim_tokens (directory_id, slot) WHERE revoked_at IS NULL;

CREATE TABLE users (
  id                uuid PRIMARY KEY,            -- internal id, never changes
  account_id        uuid NOT NULL REFERENCES accounts,
  directory_id      uuid,                        -- null: a manual user
  scim_id           uuid NOT NULL UNIQUE,        -- of the current incarnation
  version           bigint NOT NULL CHECK (version > 0),       -- of the aggregate: its last event
  scim_version      bigint NOT NULL CHECK (scim_version > 0),  -- of what SCIM shows: the ETag
  idp_active        boolean NOT NULL,
  console_disabled  boolean NOT NULL DEFAULT false,
  console_deleted   boolean NOT NULL DEFAULT false,
  released          boolean NOT NULL DEFAULT false,
  removed           boolean NOT NULL DEFAULT false,
  deactivations     bigint NOT NULL DEFAULT 0 CHECK (deactivations >= 0),
  status            text NOT NULL GENERATED ALWAYS AS (CASE
                      WHEN removed THEN 'removed' WHEN console_deleted THEN 'deleted' WHEN console_disabled THEN 'disabled'
                      WHEN NOT idp_active THEN 'unassigned' ELSE 'active' END) STORED,
  user_name_key     text COLLATE "C" NOT NULL,
  external_id       text COLLATE "C",
  email             text,
  display_name      text,
  document          jsonb NOT NULL,              -- SCIM attributes but id, meta, active, groups
  created_at        timestamptz NOT NULL,
  modified_at       timestamptz NOT NULL,
  looked_up_at      timestamptz,                 -- by the IdP, while the console holds the user back; see lookup_releases
  FOREIGN KEY (account_id, directory_id) REFERENCES directories (account_id, id),
  CHECK (NOT released OR console_disabled OR console_deleted),
  CHECK (NOT removed OR NOT (idp_active OR released)),
  CHECK (directory_id IS NOT NULL OR idp_active OR removed)
);
CREATE UNIQUE INDEX users_user_name ON users (directory_id, user_name_key) WHERE NOT removed AND directory_id IS NOT NULL;
CREATE UNIQUE INDEX users_manual_user_name ON users (account_id, user_name_key) WHERE NOT removed AND directory_id IS NULL;
CREATE INDEX users_removed ON users (directory_id, user_name_key, external_id) WHERE removed;
CREATE INDEX users_external_id ON users (directory_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX users_order ON users (directory_id, scim_id) WHERE NOT removed;
CREATE INDEX users_account ON users (account_id, id);

CREATE TABLE groups (
  id                uuid PRIMARY KEY,
  account_id        uuid NOT NULL REFERENCES accounts,
  directory_id      uuid,                        -- null: a user-defined group
  scim_id           uuid NOT NULL UNIQUE,
  version           bigint NOT NULL CHECK (version > 0),
  scim_version      bigint NOT NULL CHECK (scim_version > 0),
  console_disabled  boolean NOT NULL DEFAULT false,
  console_deleted   boolean NOT NULL DEFAULT false,
  removed           boolean NOT NULL DEFAULT false,
  status            text NOT NULL GENERATED ALWAYS AS (CASE
                      WHEN removed THEN 'removed' WHEN console_deleted THEN 'deleted'
                      WHEN console_disabled THEN 'disabled' ELSE 'live' END) STORED,
  display_name_key  text COLLATE "C" NOT NULL,
  external_id       text COLLATE "C",
  document          jsonb NOT NULL,              -- SCIM attributes but id, meta, members
  created_at        timestamptz NOT NULL,
  modified_at       timestamptz NOT NULL,
  FOREIGN KEY (account_id, directory_id) REFERENCES directories (account_id, id),
  CHECK (NOT removed OR NOT console_deleted)
);
CREATE UNIQUE INDEX groups_display_name ON groups (directory_id, display_name_key)
  WHERE NOT removed AND NOT console_deleted AND directory_id IS NOT NULL;
CREATE UNIQUE INDEX groups_user_defined_name ON groups (account_id, display_name_key)
  WHERE NOT removed AND NOT console_deleted AND directory_id IS NULL;
CREATE INDEX groups_external_id ON groups (directory_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX groups_gone ON groups (directory_id, display_name_key) WHERE removed OR console_deleted;
CREATE INDEX groups_order ON groups (directory_id, scim_id) WHERE NOT removed AND NOT console_deleted;
CREATE INDEX groups_account ON groups (account_id, id);

-- One row per edge of the present incarnations. A member's row never touches the user's.
CREATE TABLE group_members (
  group_scim_id  uuid NOT NULL,
  user_scim_id   uuid NOT NULL,
  account_id     uuid NOT NULL,
  PRIMARY KEY (group_scim_id, user_scim_id)
);
CREATE INDEX group_members_user ON group_members (user_scim_id);

-- SCIM ids of earlier incarnations: never issued again, and known when an IdP still sends them as members.
CREATE TABLE retired_scim_ids (
  directory_id  uuid NOT NULL REFERENCES directories,
  scim_id       uuid NOT NULL,
  account_id    uuid NOT NULL,
  PRIMARY KEY (directory_id, scim_id)
);

-- The events log: the spine. One row per change, written by the statement that makes the change; nothing updates it.
CREATE TABLE events (
  id            uuid NOT NULL,
  at            timestamptz NOT NULL,
  account_id    uuid NOT NULL,
  directory_id  uuid,
  aggregate     text NOT NULL CHECK (aggregate IN ('user', 'group', 'directory', 'account')),
  aggregate_id  uuid NOT NULL,
  version       bigint,                          -- null: a refusal, or a change that no fact speaks of
  type          text NOT NULL,                   -- UserChanged, GroupChanged, MembersChanged, DirectoryChanged, Refused, …
  change        text NOT NULL,
  payload       jsonb NOT NULL,                  -- the fact as it is published
  details       jsonb,                           -- for people: what was changed, which request
  actor         jsonb NOT NULL,
  PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX events_aggregate ON events (aggregate_id, at);
CREATE INDEX events_account ON events (account_id, at);
-- Users whom a directory let go lately: the watch for mass deactivations looks at nothing else.
CREATE INDEX events_let_go ON events (at) WHERE aggregate = 'user' AND change IN ('deactivated', 'removed');
CREATE TABLE events_default PARTITION OF events DEFAULT;

-- Makes the partitions of this month and the next ones. Run by every start and daily; the application role may call it
-- without owning the table. A month that already has rows in the default partition stays there.
CREATE FUNCTION ensure_event_partitions(today date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  first date;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_event_partitions'));
  FOR i IN 0..months LOOP
    first := (date_trunc('month', today) + make_interval(months => i))::date;
    CONTINUE WHEN to_regclass(format('events_%s', to_char(first, 'YYYYMM'))) IS NOT NULL
      OR EXISTS (SELECT FROM events_default WHERE at >= first AND at < first + interval '1 month');
    EXECUTE format('CREATE TABLE events_%s PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
      to_char(first, 'YYYYMM'), first::timestamptz, (first + interval '1 month')::timestamptz);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION ensure_event_partitions(date, integer) FROM PUBLIC;

SELECT ensure_event_partitions(current_date, 3);

-- Bulk actions of the console: what is to be done, and what became of each item. Worked by any replica, a chunk at a time.
CREATE TABLE jobs (
  id           uuid PRIMARY KEY,
  account_id   uuid NOT NULL REFERENCES accounts,
  target       text NOT NULL CHECK (target IN ('user', 'group')),
  action       text NOT NULL CHECK (action IN ('enable', 'disable', 'delete', 'restore', 'purge')),
  actor        jsonb NOT NULL,
  total        integer NOT NULL CHECK (total > 0),
  created_at   timestamptz NOT NULL,
  finished_at  timestamptz
);
CREATE INDEX jobs_open ON jobs (created_at) WHERE finished_at IS NULL;

CREATE TABLE job_items (
  job_id      uuid NOT NULL REFERENCES jobs,
  n           integer NOT NULL,
  target_id   uuid NOT NULL,
  account_id  uuid NOT NULL,
  outcome     text CHECK (outcome IN ('changed', 'unchanged', 'refused', 'unknown')),  -- null: not done yet
  detail      text,
  PRIMARY KEY (job_id, n)
);
CREATE INDEX job_items_open ON job_items (job_id, n) WHERE outcome IS NULL;

-- What is still to be published. seq is taken after the row lock of the aggregate, but commits out of order: the relay
-- takes what it sees and never remembers a position here.
CREATE TABLE outbox (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id    uuid NOT NULL,
  event_at    timestamptz NOT NULL,
  account_id  uuid NOT NULL,
  tries       integer NOT NULL DEFAULT 0,
  parked_at   timestamptz,
  error       text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- The order in which events were published: written by the one relay, so positions commit in order and can be paged.
CREATE TABLE sealed (
  position    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id    uuid NOT NULL,
  event_at    timestamptz NOT NULL,
  account_id  uuid NOT NULL
);
CREATE INDEX sealed_account ON sealed (account_id, position);

GRANT SELECT, INSERT, UPDATE, DELETE ON user_authentication TO directory_app;
GRANT SELECT, INSERT, UPDATE ON jobs, job_items TO directory_app;
GRANT SELECT, INSERT, UPDATE ON accounts, api_keys, directories, scim_tokens, users, groups TO directory_app;
GRANT SELECT, INSERT ON signing_keys, retired_scim_ids, events, sealed TO directory_app;
GRANT SELECT, INSERT, DELETE ON group_members TO directory_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO directory_app;
GRANT EXECUTE ON FUNCTION ensure_event_partitions(date, integer) TO directory_app;
