-- +goose Up
ALTER TABLE contacts ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE contacts ADD COLUMN phone_verified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN email_verified INTEGER NOT NULL DEFAULT 0;
-- A contact that was merged keeps its row. merged_into is the contact it was merged into, root_id the one that stands
-- for all of them; both 0 for a contact that stands for itself.
ALTER TABLE contacts ADD COLUMN merged_into INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN root_id INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contacts_root ON contacts (root_id) WHERE root_id <> 0;

-- home_id is the contact that the identity belongs to without any merging; 0: contact_id. person is the provider's own
-- id of the person behind the address, the same on all of its inboxes.
ALTER TABLE identities ADD COLUMN home_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE identities ADD COLUMN person TEXT NOT NULL DEFAULT '';
CREATE INDEX identities_person ON identities (person) WHERE person <> '';

ALTER TABLE inboxes ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE contact_notes (
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  agent_id INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX contact_notes_contact ON contact_notes (contact_id, id);

-- What a note said before it was changed or taken away.
CREATE TABLE contact_note_versions (
  id INTEGER PRIMARY KEY,
  note_id INTEGER NOT NULL REFERENCES contact_notes (id),
  agent_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX contact_note_versions_note ON contact_note_versions (note_id, id);

INSERT INTO contact_notes (contact_id, text, created_at, updated_at) SELECT id, note, updated_at, updated_at FROM contacts WHERE note <> '' ORDER BY id;
UPDATE contacts SET note = '' WHERE note <> '';

CREATE TABLE contact_merges (
  id INTEGER PRIMARY KEY,
  into_id INTEGER NOT NULL REFERENCES contacts (id),
  from_id INTEGER NOT NULL REFERENCES contacts (id),
  evidence TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  agent_id INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  undone_at INTEGER NOT NULL DEFAULT 0,
  undone_by INTEGER NOT NULL DEFAULT 0,
  undone_why TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX contact_merges_held ON contact_merges (from_id) WHERE undone_at = 0;
CREATE INDEX contact_merges_into ON contact_merges (into_id);

-- Codes sent to an address to learn whether it is the customer's. Only a keyed hash of the code is kept.
CREATE TABLE verifications (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES conversations (id),
  inbox_id INTEGER NOT NULL REFERENCES inboxes (id),
  address TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  agent_id INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  settled_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX verifications_conversation ON verifications (conversation_id, id);
CREATE INDEX verifications_address ON verifications (inbox_id, address, created_at);
