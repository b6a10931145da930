-- +goose Up
-- Since when an agent is in the state that they chose; 0: not known.
ALTER TABLE agents ADD COLUMN presence_at INTEGER NOT NULL DEFAULT 0;

-- Who may answer the customer beside the owner. It holds while that owner has the conversation.
CREATE TABLE joined (
  conversation_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  owner_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, agent_id)
);
