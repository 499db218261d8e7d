-- The feed of membership changes, for who enforces policies.

-- One row for each account. Whoever changes who is under a policy locks it until its commit: so positions become visible in
-- their order, without gaps, and each sees what the one before it did.
CREATE TABLE membership_feeds (
    account_id uuid   PRIMARY KEY,
    position   bigint NOT NULL DEFAULT 0,                                                        -- of the newest record
    expired    bigint NOT NULL DEFAULT 0 CHECK (expired BETWEEN 0 AND position)                  -- up to here records are gone
) WITH (fillfactor = 50);                                                                        -- updates stay in the page

CREATE TABLE membership_changes (
    account_id uuid        NOT NULL,
    position   bigint      NOT NULL CHECK (position > 0),
    at         timestamptz NOT NULL,
    reason     text        NOT NULL CHECK (reason IN ('members', 'policyCreated', 'policyChanged', 'policyDeleted', 'groupChanged', 'rebuilt')),
    policy_ids uuid[]      NOT NULL,     -- for 'members' one, whose users are named here; else those to be read again
    joined     uuid[]      NOT NULL,
    gone       uuid[]      NOT NULL,
    PRIMARY KEY (account_id, position),
    CHECK (CASE WHEN reason = 'members' THEN cardinality(policy_ids) = 1 AND cardinality(joined) + cardinality(gone) > 0
           ELSE cardinality(policy_ids) > 0 AND cardinality(joined) + cardinality(gone) = 0 END)
);
CREATE INDEX membership_changes_by_age ON membership_changes (at);

GRANT SELECT, INSERT, UPDATE ON membership_feeds TO policy_app;
GRANT SELECT, INSERT, DELETE ON membership_changes TO policy_app;
