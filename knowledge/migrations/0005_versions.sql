-- +goose Up
-- The version that the article had when the revision was made: from it follows on which text an editor has written. Of older
-- revisions than the newest nobody knows it any more.
ALTER TABLE article_revisions ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
UPDATE article_revisions SET version = COALESCE((SELECT a.version FROM articles a WHERE a.draft_revision_id = article_revisions.id), 0);
