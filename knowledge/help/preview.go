package help

import (
	"bytes"
	"compress/flate"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	previewSeal = 16 // bytes of the signature
	previewKept = 30 * time.Minute
	maxPreview  = 64 << 10
)

// Preview gives the parameter under which the pages show themselves with settings that are not saved: to whoever has it, for half an
// hour, on every node. It holds the settings, so a new logo is not in it.
func (c *Centre) Preview(s Settings) (string, error) {
	s, err := s.Clean()
	if err != nil {
		return "", err
	}
	if s.Logo != c.settings.Load().Logo {
		s.Logo = ""
	} else if s.Logo != "" {
		s.Logo = savedLogo
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("write the preview: %w", err)
	}
	var packed bytes.Buffer
	z, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", fmt.Errorf("write the preview: %w", err)
	}
	if _, err := z.Write(plain); err != nil {
		return "", fmt.Errorf("write the preview: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("write the preview: %w", err)
	}
	body := strconv.FormatInt(c.DB.Now().Add(previewKept).Unix(), 36) + "." + base64.RawURLEncoding.EncodeToString(packed.Bytes())
	return body + "." + c.sealPreview(body), nil
}

// savedLogo stands in a preview for the logo that is saved.
const savedLogo = "saved"

func (c *Centre) sealPreview(body string) string {
	mac := hmac.New(sha256.New, c.Key)
	mac.Write([]byte("preview " + body))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:previewSeal])
}

// previewed reads the settings of a preview.
func (c *Centre) previewed(token string, now time.Time) (Settings, bool) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || !hmac.Equal([]byte(token[at+1:]), []byte(c.sealPreview(token[:at]))) {
		return Settings{}, false
	}
	until, data, _ := strings.Cut(token[:at], ".")
	end, err := strconv.ParseInt(until, 36, 64)
	if err != nil || now.Unix() > end {
		return Settings{}, false
	}
	packed, err := base64.RawURLEncoding.DecodeString(data)
	if err != nil {
		return Settings{}, false
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxPreview))
	if err != nil {
		return Settings{}, false
	}
	s := Defaults()
	if json.Unmarshal(plain, &s) != nil {
		return Settings{}, false
	}
	if s.Logo == savedLogo {
		s.Logo = c.settings.Load().Logo
	}
	return s, true
}
