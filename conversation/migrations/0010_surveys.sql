-- +goose Up
-- How an inbox asks its customers what they thought of it. No row: it does not ask.
CREATE TABLE survey_rules (
  inbox_id INTEGER NOT NULL PRIMARY KEY REFERENCES inboxes (id),
  rule TEXT NOT NULL,
  changed_at INTEGER NOT NULL
);

-- One row for each conversation whose customer was asked, or why not; so nobody is asked twice.
CREATE TABLE surveys (
  conversation_id INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (id),
  inbox_id INTEGER NOT NULL,
  scale TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  answered_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX conversations_ended ON conversations (inbox_id, resolved_at) WHERE resolved_at <> 0;

ALTER TABLE ratings ADD COLUMN inbox_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ratings ADD COLUMN team_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ratings ADD COLUMN way TEXT NOT NULL DEFAULT '';
ALTER TABLE ratings ADD COLUMN settled INTEGER NOT NULL DEFAULT 1;
CREATE INDEX ratings_unsettled ON ratings (conversation_id) WHERE settled = 0;
UPDATE ratings SET inbox_id = (SELECT c.inbox_id FROM conversations c WHERE c.id = conversation_id),
 team_id = (SELECT c.team_id FROM conversations c WHERE c.id = conversation_id);
