-- Policies name users, groups and directories, or everyone, and may leave some of them out again.

ALTER TABLE policies
    ADD COLUMN kind     text    NOT NULL DEFAULT 'access' CHECK (kind IN ('access', 'web', 'firewall')),
    ADD COLUMN action   text    NOT NULL DEFAULT 'allow' CHECK (action IN ('allow', 'block', 'monitor')),
    ADD COLUMN everyone boolean NOT NULL DEFAULT false;    -- every active user of the account is a source
ALTER TABLE policies ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN action DROP DEFAULT, ALTER COLUMN everyone DROP DEFAULT;
CREATE INDEX policies_of_everyone ON policies (account_id, policy_id) WHERE everyone;

-- What a policy names, by internal ids: a group that is deleted and comes back attaches again.
-- A user is named as the incarnation that it was then: when its directory removes it the reference has ended, and a user
-- that is made again later does not inherit it, in whatever order the facts about it come.
-- One row for a subject: it is a source or an exclusion, never both.
CREATE TABLE policy_terms (
    account_id   uuid    NOT NULL,
    policy_id    uuid    NOT NULL,
    subject      text    NOT NULL CHECK (subject IN ('user', 'group', 'directory')),
    subject_id   uuid    NOT NULL,
    user_scim_id uuid    CHECK ((user_scim_id IS NOT NULL) = (subject = 'user')),
    excluded     boolean NOT NULL,
    PRIMARY KEY (account_id, policy_id, subject, subject_id),
    FOREIGN KEY (account_id, policy_id) REFERENCES policies (account_id, policy_id) ON DELETE CASCADE
);
CREATE INDEX policies_of_subject ON policy_terms (account_id, subject, subject_id) INCLUDE (policy_id, excluded, user_scim_id);

INSERT INTO policy_terms (account_id, policy_id, subject, subject_id, excluded)
SELECT account_id, policy_id, 'group', group_id, false FROM policy_groups;
DROP TABLE policy_groups;

-- Pages of "everyone" and of a directory, in the order of ids; who is not active costs nothing there.
CREATE INDEX users_active ON users (account_id, user_id) WHERE status = 'active';
CREATE INDEX users_active_of_directory ON users (account_id, directory_id, user_id) WHERE status = 'active';

GRANT SELECT, INSERT, UPDATE, DELETE ON policy_terms TO policy_app;
