-- +goose Up
-- With the status before the time SQLite reads who waits longest in order, instead of sorting all that are open.
DROP INDEX conversations_waiting;
CREATE INDEX conversations_waiting ON conversations (status, waiting_since, id) WHERE waiting_since <> 0 AND status = 'open';
