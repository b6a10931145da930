package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
)

// attributesSetting is the name of the setting that holds what is kept of contacts.
const attributesSetting = "contact_attributes"

// definitions are the fields of contacts that the organisation defined.
type definitions []api.ContactAttribute

func readAttributes(ctx context.Context, from db.Querier) (definitions, int64, error) {
	stored, err := ReadSetting(ctx, from, attributesSetting)
	if err != nil || stored.Version == 0 {
		return shippedAttributes(), 0, err
	}
	var d definitions
	if err := json.Unmarshal(stored.Value, &d); err != nil {
		return nil, 0, fmt.Errorf("read contact attributes: %w", err)
	}
	return d, stored.Version, nil
}

// shippedAttributes are those that the product itself knows: the tier decides about variants and the queue.
func shippedAttributes() definitions {
	return definitions{
		{Key: "tier", Name: api.Words{Zh: "客户等级", En: "Tier"}, Type: api.ContactAttributeTypeText},
		{Key: "stage", Name: api.Words{Zh: "客户阶段", En: "Stage"}, Type: api.ContactAttributeTypeText},
	}
}

// GetContactAttributes shows what is kept of contacts.
func (s *Server) GetContactAttributes(ctx context.Context, _ api.GetContactAttributesRequestObject) (api.GetContactAttributesResponseObject, error) {
	d, version, err := readAttributes(ctx, s.DB)
	return api.GetContactAttributes200JSONResponse{Version: version, Fields: d}, err
}

// SaveContactAttributes replaces the definitions.
func (s *Server) SaveContactAttributes(ctx context.Context, r api.SaveContactAttributesRequestObject) (api.SaveContactAttributesResponseObject, error) {
	d := definitions(r.Body.Fields)
	if err := d.check(); err != nil {
		return nil, err
	}
	value, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("write contact attributes: %w", err)
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		if err := saveSetting(ctx, tx, attributesSetting, Setting{Value: value, Version: r.Body.Version, ChangedBy: whoOf(ctx).name()}); err != nil {
			return err
		}
		return s.note(ctx, tx, "contact_attributes_changed", "", strings.Join(d.keys(), ", "))
	})
	return api.SaveContactAttributes200JSONResponse{Version: r.Body.Version + 1, Fields: d}, err
}

func (d definitions) keys() []string {
	keys := make([]string, len(d))
	for i, f := range d {
		keys[i] = f.Key
	}
	return keys
}

func (d definitions) check() error {
	seen := map[string]bool{}
	for i, f := range d {
		at := "fields[" + strconv.Itoa(i) + "]"
		switch {
		case seen[f.Key]:
			return invalid(at+".key", "this key is there already")
		case !plainKey(f.Key):
			return invalid(at+".key", "small letters, digits and _, beginning with a letter")
		case strings.TrimSpace(f.Name.Zh) == "" || strings.TrimSpace(f.Name.En) == "":
			return invalid(at+".name", "give it a name in Chinese and in English")
		case f.Type == api.ContactAttributeTypeChoice && len(f.Choices) == 0:
			return invalid(at+".choices", "write at least one choice")
		}
		seen[f.Key] = true
	}
	return nil
}

func plainKey(key string) bool {
	return key != "" && key[0] >= 'a' && key[0] <= 'z' && strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// checkAttributes refuses values that are not of their field's type. Fields that nobody defined, as channels bring them, are texts.
func (s *Server) checkAttributes(ctx context.Context, from db.Querier, values map[string]string) error {
	if len(values) == 0 {
		return nil
	}
	d, _, err := readAttributes(ctx, from)
	if err != nil {
		return err
	}
	for _, f := range d {
		if value := strings.TrimSpace(values[f.Key]); value != "" {
			if wrong := misfit(f, value); wrong != "" {
				return invalid("attributes."+f.Key, wrong)
			}
		}
	}
	return nil
}

// misfit says what is wrong with a value; empty: nothing.
func misfit(f api.ContactAttribute, value string) string {
	switch f.Type {
	case api.ContactAttributeTypeNumber:
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return "must be a number"
		}
	case api.ContactAttributeTypeDate:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return "must be a date like 2026-11-22"
		}
	case api.ContactAttributeTypeBoolean:
		if value != "true" && value != "false" {
			return `must be "true" or "false"`
		}
	case api.ContactAttributeTypeChoice:
		if !slices.Contains(f.Choices, value) {
			return "must be one of " + strings.Join(f.Choices, ", ")
		}
	}
	return ""
}

// complete tells how much of what is to be known of a contact is known, of 100, and which required fields are empty.
func (d definitions) complete(c conversation.Contact) (percent int, missing []string) {
	missing = []string{}
	known, all := 0, 3
	for _, value := range []string{c.Name, c.Phone, c.Email} {
		if value != "" {
			known++
		}
	}
	for _, f := range d {
		if val(f.Hidden) {
			continue
		}
		all++
		switch {
		case c.Attributes[f.Key] != "":
			known++
		case val(f.Required):
			missing = append(missing, f.Key)
		}
	}
	return 100 * known / all, missing
}
