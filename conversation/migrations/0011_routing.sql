-- +goose Up
-- The agent who looks after a customer; 0: nobody in particular.
ALTER TABLE contacts ADD COLUMN manager_id INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contacts_manager ON contacts (manager_id) WHERE manager_id <> 0;

-- How much earlier a waiting customer counts as having come, in milliseconds. queue_order is queued_at less that, so
-- that waiting makes up for every difference in time.
ALTER TABLE conversations ADD COLUMN head_start INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET head_start = CASE priority WHEN 0 THEN -3600000 WHEN 2 THEN 3600000 WHEN 3 THEN 86400000 ELSE 0 END
 WHERE queue_order <> 0;
UPDATE conversations SET queue_order = queued_at - head_start WHERE queue_order <> 0;
CREATE INDEX conversations_team_queue ON conversations (team_id, queue_order, id) WHERE queue_order <> 0;
CREATE INDEX tallies_held ON tallies (agent_id, inbox_id) WHERE status = 'open' AND agent_id <> 0;
