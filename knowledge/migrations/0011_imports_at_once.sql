-- +goose Up
-- What an article becomes once a whole import is written, or undone; empty: it is that already, or stays as it is.
ALTER TABLE article_import_rows ADD COLUMN goal TEXT NOT NULL DEFAULT '';
-- The revision that customers get then.
ALTER TABLE article_import_rows ADD COLUMN goal_revision INTEGER NOT NULL DEFAULT 0;
-- Who undoes an import and how, so that another node can go on with it.
ALTER TABLE article_imports ADD COLUMN undo_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article_imports ADD COLUMN undo_force INTEGER NOT NULL DEFAULT 0;

-- Which files an article has; without it each deletion of an article would read them all.
CREATE INDEX article_files_of ON article_files (article_id);
