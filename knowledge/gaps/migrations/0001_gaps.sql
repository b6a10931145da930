-- +goose Up
-- What came of each automatic decision about a customer's words. message_id is of what the bot said, or of the note with which it
-- handed the conversation over; the words themselves stay in the messages.
CREATE TABLE gap_turns (
  message_id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL,
  question_id INTEGER NOT NULL,
  part INTEGER NOT NULL,
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  inbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  language TEXT NOT NULL,
  act TEXT NOT NULL,
  article_id INTEGER NOT NULL,
  revision_id INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  vain TEXT NOT NULL,
  handed INTEGER NOT NULL,
  chosen_id INTEGER NOT NULL,
  group_id INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX gap_turns_conversation ON gap_turns (conversation_id);
CREATE INDEX gap_turns_vain ON gap_turns (group_id, at) WHERE vain <> '';
CREATE INDEX gap_turns_newest ON gap_turns (message_id) WHERE vain <> '';
CREATE INDEX gap_turns_chosen ON gap_turns (chosen_id) WHERE chosen_id <> 0;

-- The same, summed up by day.
CREATE TABLE gap_days (
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  inbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  article_id INTEGER NOT NULL,
  revision_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (day, kind, inbox_id, team_id, article_id, revision_id)
);
CREATE INDEX gap_days_article ON gap_days (article_id, day);

-- Questions asked in vain that mean the same, with what people made of them.
CREATE TABLE gap_groups (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  judged INTEGER NOT NULL DEFAULT 0,
  agent_id INTEGER NOT NULL DEFAULT 0,
  article_id INTEGER NOT NULL DEFAULT 0,
  revision_id INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  settled_at INTEGER NOT NULL DEFAULT 0,
  settled_n INTEGER NOT NULL DEFAULT 0,
  into_id INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
);

-- What an agent answered where the bot had failed: a question and a reply that may become an article.
CREATE TABLE gap_pairs (
  turn_id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL,
  question_id INTEGER NOT NULL,
  reply_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL,
  inbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  article_id INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX gap_pairs_conversation ON gap_pairs (conversation_id);
CREATE INDEX gap_pairs_open ON gap_pairs (at) WHERE state = 'open';

-- Pairs of words that were proposed as synonyms and refused.
CREATE TABLE gap_refused (
  word TEXT NOT NULL,
  other TEXT NOT NULL,
  PRIMARY KEY (word, other)
);

-- How far the measuring has come; turn rises with every step, round with every grouping, so that of several nodes one does it.
CREATE TABLE gap_state (
  id INTEGER PRIMARY KEY,
  turn INTEGER NOT NULL,
  round INTEGER NOT NULL,
  zone TEXT NOT NULL,
  rules INTEGER NOT NULL,
  event INTEGER NOT NULL,
  measured INTEGER NOT NULL,
  at INTEGER NOT NULL
);
