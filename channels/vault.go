package channels

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"huiyin/conversation"
)

// Vault seals the secret settings of inboxes with the installation's key, so that the database and its
// backups hold them encrypted only (AES-256-GCM).
type Vault struct {
	aead cipher.AEAD
	key  []byte
}

// NewVault makes a vault from the installation's 32-byte key.
func NewVault(key []byte) (*Vault, error) {
	if len(key) != 32 {
		return nil, errors.New("the secret key must have 32 bytes")
	}
	block, err := aes.NewCipher(derive(key, "settings"))
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Vault{aead: aead, key: key}, nil
}

func derive(key []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("huiyin/" + purpose))
	return mac.Sum(nil)
}

// Key derives a key for one purpose, such as signing the tokens of web visitors.
func (v *Vault) Key(purpose string) []byte { return derive(v.key, purpose) }

// Close moves the secret settings of an inbox into its sealed part.
func (v *Vault) Close(k Kind, inbox conversation.Inbox) (conversation.Inbox, error) {
	open, secret := map[string]string{}, map[string]string{}
	for key, value := range inbox.Settings {
		if s, ok := k.setting(key); !ok || s.Secret {
			secret[key] = value
		} else {
			open[key] = value
		}
	}
	inbox.Settings, inbox.Sealed = open, ""
	if len(secret) == 0 {
		return inbox, nil
	}
	text, err := json.Marshal(secret)
	if err != nil {
		return inbox, fmt.Errorf("seal settings: %w", err)
	}
	inbox.Sealed, err = v.Seal(inbox.Kind, string(text))
	return inbox, err
}

// Seal encrypts a text; it opens only for the same purpose.
func (v *Vault) Seal(purpose, text string) (string, error) {
	nonce := make([]byte, v.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return base64.StdEncoding.EncodeToString(v.aead.Seal(nonce, nonce, []byte(text), []byte(purpose))), nil
}

// What Unseal tells apart.
var (
	errDamaged  = errors.New("it is damaged")
	errOtherKey = errors.New("it was sealed with another key")
)

// Unseal decrypts a text that was sealed for a purpose.
func (v *Vault) Unseal(purpose, sealed string) (string, error) {
	box, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(box) < v.aead.NonceSize() {
		return "", errDamaged
	}
	n := v.aead.NonceSize()
	text, err := v.aead.Open(nil, box[:n], box[n:], []byte(purpose))
	if err != nil {
		return "", errOtherKey
	}
	return string(text), nil
}

// Open puts the sealed settings of an inbox back among its settings.
func (v *Vault) Open(inbox conversation.Inbox) (conversation.Inbox, error) {
	if inbox.Sealed == "" {
		return inbox, nil
	}
	text, err := v.Unseal(inbox.Kind, inbox.Sealed)
	if errors.Is(err, errOtherKey) {
		return inbox, fmt.Errorf("inbox %d: its secrets were sealed with another key; restore secret.key or set them again", inbox.ID)
	}
	if err != nil {
		return inbox, fmt.Errorf("inbox %d: its secrets are damaged; set them again", inbox.ID)
	}
	var secret map[string]string
	if err := json.Unmarshal([]byte(text), &secret); err != nil {
		return inbox, fmt.Errorf("inbox %d: its secrets are damaged; set them again", inbox.ID)
	}
	settings := maps.Clone(inbox.Settings)
	if settings == nil {
		settings = map[string]string{}
	}
	maps.Copy(settings, secret)
	inbox.Settings, inbox.Sealed = settings, ""
	return inbox, nil
}
