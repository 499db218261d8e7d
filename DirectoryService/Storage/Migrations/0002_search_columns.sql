-- What a filter asks by eq and sw, as canonical text made in .NET, each served by an index within its directory.
-- Rows that are here already get the nearest that SQL can make; their next write brings the exact form. The two differ
-- only in letters that Unicode folds in an unusual way. Cut where an index entry could not hold them; new ones are refused.
ALTER TABLE users
  ADD COLUMN display_name_key text COLLATE "C",
  ADD COLUMN email_keys text[] COLLATE "C" NOT NULL DEFAULT '{}';

UPDATE users SET
  display_name_key = left(lower(upper(normalize(document->>'displayName', NFKC) COLLATE "und-x-icu") COLLATE "und-x-icu"), 600),
  email_keys = ARRAY(
    SELECT left(lower(upper(normalize(e->>'value', NFKC) COLLATE "und-x-icu") COLLATE "und-x-icu"), 600)
    FROM jsonb_array_elements(CASE jsonb_typeof(document->'emails') WHEN 'array' THEN document->'emails' ELSE '[]' END) e
    WHERE e->>'value' IS NOT NULL)
WHERE document ? 'displayName' OR document ? 'emails';

CREATE INDEX users_display_name ON users (directory_id, display_name_key) WHERE display_name_key IS NOT NULL AND NOT removed;
-- An address stands in few directories, so the directory need not be part of it.
CREATE INDEX users_emails ON users USING gin (email_keys) WHERE NOT removed;

-- With which cursors are sealed, so that a client can hand back only what it was given. One for all replicas.
CREATE TABLE cursor_key (
  key  bytea NOT NULL CHECK (length(key) = 32)
);
INSERT INTO cursor_key SELECT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
GRANT SELECT ON cursor_key TO directory_app;
