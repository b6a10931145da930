-- +goose Up
-- What a user may do with the articles of a category and of those below it. Who has no row may do what their role allows.
CREATE TABLE article_rights (
  agent_id INTEGER NOT NULL,
  category TEXT NOT NULL,
  edit INTEGER NOT NULL DEFAULT 0,
  review INTEGER NOT NULL DEFAULT 0,
  publish INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (agent_id, category)
);

-- Everything that happened to one thing, in its order.
CREATE INDEX audit_object ON audit (object, id);

-- Notices about articles, with the words that somebody said.
ALTER TABLE notices ADD COLUMN article_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notices ADD COLUMN by_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notices ADD COLUMN words TEXT NOT NULL DEFAULT '';
