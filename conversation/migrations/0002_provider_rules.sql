-- +goose Up
CREATE TABLE grants (
  id INTEGER PRIMARY KEY,
  identity_id INTEGER NOT NULL REFERENCES identities (id),
  name TEXT NOT NULL,
  sends INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  opened_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (identity_id, name)
);

ALTER TABLE conversations ADD COLUMN passive_until INTEGER NOT NULL DEFAULT 0;

ALTER TABLE messages ADD COLUMN charged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN taken INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN joined_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN via_identity_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN passive TEXT NOT NULL DEFAULT '';
CREATE INDEX messages_via ON messages (provider_id) WHERE via_identity_id <> 0;
CREATE INDEX messages_joined ON messages (joined_to) WHERE joined_to <> 0;
CREATE INDEX messages_held ON messages (conversation_id) WHERE delivery = 'held';

CREATE TABLE media (
  id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES messages (id),
  inbox_id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  ref TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  due_at INTEGER,
  lease_until INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  recovered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX media_due ON media (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE pulls (
  id INTEGER PRIMARY KEY,
  inbox_id INTEGER NOT NULL UNIQUE REFERENCES inboxes (id),
  cursor TEXT NOT NULL DEFAULT '',
  hint TEXT NOT NULL DEFAULT '',
  rings INTEGER NOT NULL DEFAULT 0,
  failure TEXT NOT NULL DEFAULT '',
  due_at INTEGER,
  lease_until INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  recovered INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE tokens (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  sealed TEXT NOT NULL DEFAULT '',
  expires_at INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT NOT NULL DEFAULT ''
);
