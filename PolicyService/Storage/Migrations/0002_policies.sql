-- What this service owns.

CREATE TABLE policies (
    account_id uuid        NOT NULL,
    policy_id  uuid        NOT NULL,
    name       text        NOT NULL,
    name_key   text        COLLATE "C" NOT NULL,   -- canonical form of the name, made in .NET: names differ by more than case
    enabled    boolean     NOT NULL,
    position   integer     NOT NULL CHECK (position >= 0),   -- lower comes first; the name decides between equals
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, policy_id),
    CONSTRAINT name_is_taken UNIQUE (account_id, name_key)
);

-- A group is named by its internal id: when it is deleted and comes back it attaches again.
CREATE TABLE policy_groups (
    account_id uuid NOT NULL,
    policy_id  uuid NOT NULL,
    group_id   uuid NOT NULL,
    PRIMARY KEY (account_id, policy_id, group_id),
    FOREIGN KEY (account_id, policy_id) REFERENCES policies (account_id, policy_id) ON DELETE CASCADE
);
CREATE INDEX policies_of_group ON policy_groups (account_id, group_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON policies TO policy_app;
GRANT SELECT, INSERT, DELETE ON policy_groups TO policy_app;
