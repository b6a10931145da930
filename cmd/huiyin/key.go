package main

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"huiyin/db"
)

// keyProof is the row that tells whether a node has the key that the data was sealed with.
const keyProof = "proof of the secret key"

// errOtherKey refuses to work with another key than the data: what one node seals the others could not open, links and
// sessions of one would be strangers' to the other, and they would not hear each other.
var errOtherKey = errors.New("this database was used with another secret key: give this node the secret.key or HUIYIN_SECRET_KEY of the others " +
	"(or of the backup's server); if that key is lost for good, start once with --key-is-lost and set the inboxes' secrets again")

// proveKey seals a proof at the first start, and refuses at the later ones when it does not open.
func (p *parts) proveKey(ctx context.Context, lost bool) error {
	sealed, err := p.vault.Seal(keyProof, keyProof)
	if err != nil {
		return err
	}
	mark := rand.Text()
	return p.db.Tx(ctx, func(tx *db.Tx) error {
		// The row is ours until the end of the transaction, so that of several nodes at their first start one decides.
		if _, err := p.conversations.LeaseToken(ctx, tx, keyProof, mark, tx.Now); err != nil {
			return err
		}
		if !lost {
			if err := p.sameKey(ctx, tx); err != nil {
				return err
			}
		}
		return p.conversations.StoreToken(ctx, tx, keyProof, mark, sealed, time.Time{})
	})
}

// sameKey refuses a key that does not open the proof; where there is none yet, one that opens none of the inboxes' secrets.
func (p *parts) sameKey(ctx context.Context, from db.Querier) error {
	proof, _, err := p.conversations.Token(ctx, from, keyProof)
	if err != nil {
		return err
	}
	if proof != "" {
		if _, err := p.vault.Unseal(keyProof, proof); err != nil {
			return errOtherKey
		}
		return nil
	}
	inboxes, err := p.conversations.AllInboxes(ctx, from)
	if err != nil {
		return err
	}
	var other error
	for _, inbox := range inboxes {
		if inbox.Sealed == "" {
			continue
		}
		if _, err := p.vault.Open(inbox); err == nil {
			return nil
		}
		other = errOtherKey
	}
	return other
}
