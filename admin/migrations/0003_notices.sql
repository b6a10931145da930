-- +goose Up
-- What somebody is told of: that a colleague mentioned them, that a reply of theirs did not go out.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY,
  agent_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  conversation_id INTEGER NOT NULL DEFAULT 0,
  seq INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  read_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX notices_agent ON notices (agent_id, id);
CREATE INDEX notices_unread ON notices (agent_id, id) WHERE read_at = 0;
