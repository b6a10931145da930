-- +goose Up
-- What an agent has begun to write. A row stays when the text is sent, so that its version goes on rising.
CREATE TABLE drafts (
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  conversation_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL DEFAULT '',
  article_id INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (agent_id, conversation_id, kind)
);
CREATE INDEX drafts_updated ON drafts (updated_at);

-- Replies that are written and not yet to go out: for a few seconds so that they can be taken back, or until a time.
CREATE TABLE later_messages (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  reply TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  undo INTEGER NOT NULL DEFAULT 0,
  seen_seq INTEGER NOT NULL,
  client_id TEXT NOT NULL DEFAULT '',
  send_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE INDEX later_messages_due ON later_messages (send_at) WHERE state = 'waiting';
CREATE INDEX later_messages_conversation ON later_messages (conversation_id, id) WHERE state <> 'sent';
CREATE UNIQUE INDEX later_messages_client ON later_messages (agent_id, conversation_id, client_id) WHERE client_id <> '';

CREATE TABLE views (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  audience TEXT NOT NULL,
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  team_id INTEGER NOT NULL DEFAULT 0,
  criteria TEXT NOT NULL DEFAULT '{}',
  sort TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE INDEX views_agent ON views (agent_id);

-- Shortcuts may repeat among people and teams, so the table is made anew without that constraint.
CREATE TABLE macros (
  id INTEGER PRIMARY KEY,
  shortcut TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT '',
  audience TEXT NOT NULL DEFAULT 'all',
  agent_id INTEGER NOT NULL DEFAULT 0,
  team_id INTEGER NOT NULL DEFAULT 0,
  actions TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (audience, agent_id, team_id, language, shortcut)
);
INSERT INTO macros (shortcut, title, text, language, created_at, updated_at)
 SELECT shortcut, title, text, language, created_at, updated_at FROM canned_replies ORDER BY id;
DROP TABLE canned_replies;

CREATE TABLE macro_uses (
  macro_id INTEGER NOT NULL REFERENCES macros (id),
  agent_id INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (macro_id, agent_id)
);

CREATE TABLE desk_wishes (
  agent_id INTEGER NOT NULL PRIMARY KEY REFERENCES agents (id),
  undo_seconds INTEGER NOT NULL
);
