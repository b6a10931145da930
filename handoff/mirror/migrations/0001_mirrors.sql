-- +goose Up
-- One row for each conversation that is shown at a desk beside the console; the row is the job of bringing it in step.
CREATE TABLE mirrors (
  id INTEGER PRIMARY KEY,
  board TEXT NOT NULL,
  conversation_id INTEGER NOT NULL,
  ref TEXT NOT NULL DEFAULT '',
  seq INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT '',
  problem TEXT NOT NULL DEFAULT '',
  moved INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  lease_until INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  recovered INTEGER NOT NULL DEFAULT 0,
  UNIQUE (board, conversation_id)
);
CREATE INDEX mirrors_due ON mirrors (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mirrors_ref ON mirrors (board, ref) WHERE ref <> '';

-- How far a desk has read the numbered events.
CREATE TABLE mirror_cursors (
  board TEXT NOT NULL PRIMARY KEY,
  n INTEGER NOT NULL
);

-- Messages that stand at a desk by themselves, so that what becomes of them can be shown there.
CREATE TABLE mirror_posts (
  mirror_id INTEGER NOT NULL REFERENCES mirrors (id),
  seq INTEGER NOT NULL,
  ref TEXT NOT NULL,
  shown TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (mirror_id, seq)
);
