-- What this service knows of users and directories: projections of the directory service's facts. A row holds the
-- newest version seen; a fact that is not newer changes nothing. No foreign key leads here: facts come in any order,
-- and a rebuild replaces these tables while the service's own (0002) stay.

CREATE TABLE users (
    account_id    uuid    NOT NULL,
    user_id       uuid    NOT NULL,
    directory_id  uuid,                 -- null: a manual user
    scim_id       uuid    NOT NULL,     -- of the current incarnation
    status        text    NOT NULL CHECK (status IN ('active', 'unassigned', 'disabled', 'deleted', 'removed')),
    deactivations bigint  NOT NULL CHECK (deactivations >= 0),
    has_email     boolean NOT NULL,     -- all that a license asks of the address
    user_name     text    NOT NULL,
    display_name  text,
    version       bigint  NOT NULL CHECK (version > 0),
    PRIMARY KEY (account_id, user_id)
);

CREATE TABLE directories (
    account_id   uuid    NOT NULL,
    directory_id uuid    NOT NULL,
    name         text    NOT NULL,
    provider     text    NOT NULL,
    deleted      boolean NOT NULL,
    version      bigint  NOT NULL CHECK (version > 0),
    PRIMARY KEY (account_id, directory_id)
);

GRANT SELECT, INSERT, UPDATE ON users, directories TO license_app;
