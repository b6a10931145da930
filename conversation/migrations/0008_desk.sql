-- +goose Up
-- A conversation that was merged into another one of the same customer.
CREATE TABLE merges (
  conversation_id INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (id),
  target_id INTEGER NOT NULL REFERENCES conversations (id),
  agent_id INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL
);
CREATE INDEX merges_target ON merges (target_id);

-- Why a snoozed conversation was put aside.
CREATE TABLE snooze_reasons (
  conversation_id INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (id),
  reason TEXT NOT NULL
);

-- The tags that are offered even while no conversation has them.
CREATE TABLE tag_names (
  tag TEXT NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL
);

CREATE INDEX conversations_waiting ON conversations (waiting_since, id) WHERE waiting_since <> 0 AND status = 'open';
CREATE INDEX conversations_priority ON conversations (priority, last_message_at, id) WHERE priority > 1 AND status <> 'resolved';
