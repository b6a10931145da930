-- +goose Up
-- How a customer of a conversation wants to be answered who has left it. proven: the address is known to be theirs;
-- sent_seq: up to where they were answered so.
CREATE TABLE answer_ways (
  conversation_id INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (id),
  address TEXT NOT NULL,
  proven INTEGER NOT NULL DEFAULT 0,
  sent_seq INTEGER NOT NULL DEFAULT 0,
  asked_at INTEGER NOT NULL
);
CREATE INDEX messages_via_identity ON messages (via_identity_id, created_at) WHERE via_identity_id <> 0;
