-- When a user came under a policy or was out of it again, because of a fact about the user or about members of a group.
-- What touches a whole group or policy (toggled, deleted) is one change of that row, and not told of each of its users.
CREATE TABLE membership_history (
    account_id  uuid        NOT NULL,
    entry       bigint      GENERATED ALWAYS AS IDENTITY,
    user_id     uuid        NOT NULL,
    policy_id   uuid        NOT NULL,
    policy_name text        NOT NULL,    -- at that time
    kind        text        NOT NULL CHECK (kind IN ('joined', 'left')),
    reason      text        NOT NULL CHECK (reason IN ('user', 'group')),   -- what changed: the user, or its groups
    event_id    uuid        NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (account_id, entry)
);
CREATE INDEX membership_history_of_user ON membership_history (account_id, user_id, at);

GRANT SELECT, INSERT ON membership_history TO policy_app;
