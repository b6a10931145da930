-- +goose Up
CREATE TABLE agent_pictures (
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  mark TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (agent_id)
);
