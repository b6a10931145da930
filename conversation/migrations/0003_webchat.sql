-- +goose Up
CREATE TABLE ratings (
  conversation_id INTEGER NOT NULL REFERENCES conversations (id),
  score INTEGER NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  agent_id INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (conversation_id)
);
CREATE INDEX ratings_created ON ratings (created_at);

ALTER TABLE messages ADD COLUMN helpful_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN contact_got_seq INTEGER NOT NULL DEFAULT 0;
