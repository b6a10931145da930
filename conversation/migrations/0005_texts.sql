-- +goose Up
CREATE TABLE consents (
  inbox_id INTEGER NOT NULL REFERENCES inboxes (id),
  address TEXT NOT NULL,
  opted_out INTEGER NOT NULL,
  word TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  PRIMARY KEY (inbox_id, address)
);

CREATE TABLE early_receipts (
  inbox_id INTEGER NOT NULL,
  provider_id TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  PRIMARY KEY (inbox_id, provider_id)
);
CREATE INDEX early_receipts_at ON early_receipts (at);

CREATE TABLE parts (
  inbox_id INTEGER NOT NULL,
  provider_id TEXT NOT NULL,
  message_id INTEGER NOT NULL REFERENCES messages (id),
  state TEXT NOT NULL,
  PRIMARY KEY (inbox_id, provider_id)
);
CREATE INDEX parts_message ON parts (message_id);
