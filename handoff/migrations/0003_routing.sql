-- +goose Up
-- How customers are ordered and given to agents: one row, its value JSON.
CREATE TABLE routing_settings (
  id INTEGER PRIMARY KEY,
  value TEXT NOT NULL,
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  ordered INTEGER NOT NULL DEFAULT 0, -- the version that the queues are ordered by
  changed_by TEXT NOT NULL DEFAULT ''
);

-- abilities: skills with levels, languages, capacity, stand-in, as JSON. given_at: when the agent was last given a customer.
-- missed: offers in a row to which the agent said nothing. away_why: who set the agent away, when it was not the agent.
ALTER TABLE agents ADD COLUMN abilities TEXT NOT NULL DEFAULT '{}';
ALTER TABLE agents ADD COLUMN given_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN away_why TEXT NOT NULL DEFAULT '';

-- A waiting customer offered to an agent; ended_at = 0: not answered yet. A customer is offered to one agent at a time, and an
-- agent has one offer at a time. explanation is why it was this agent.
CREATE TABLE offers (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  team_id INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '',
  explanation TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX offers_open ON offers (conversation_id) WHERE ended_at = 0;
CREATE UNIQUE INDEX offers_open_agent ON offers (agent_id) WHERE ended_at = 0;
CREATE INDEX offers_expire ON offers (expires_at) WHERE ended_at = 0;
CREATE INDEX offers_conversation ON offers (conversation_id, id);

-- What is known of a customer who waits, while the wait lasts. later: the customer does not wait live. been: teams that it
-- has waited in before. told: the place that the customer knows.
CREATE TABLE waits (
  conversation_id INTEGER PRIMARY KEY,
  intent TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '',
  angry INTEGER NOT NULL DEFAULT 0,
  complaint INTEGER NOT NULL DEFAULT 0,
  returned INTEGER NOT NULL DEFAULT 0,
  later INTEGER NOT NULL DEFAULT 0,
  told INTEGER NOT NULL DEFAULT 0,
  nudged INTEGER NOT NULL DEFAULT 0,
  been TEXT NOT NULL DEFAULT ''
);
