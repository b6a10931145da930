package webchat

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/channels"
	"huiyin/conversation"
)

// person is what somebody says of themselves.
type person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// profile is what a visitor filled in before the chat.
type profile struct {
	person
	Fields  map[string]string `json:"fields"`
	Consent bool              `json:"consent"`
}

// field is one field of the form before the chat.
type field struct {
	Key      string         `json:"key"`
	Label    string         `json:"label"`
	Kind     string         `json:"kind"`
	Required bool           `json:"required,omitempty"`
	Options  []string       `json:"options,omitempty"`
	words    channels.Words // of the label
}

const (
	maxFields      = 8
	maxFieldLabel  = 60
	maxFieldOption = 20
)

var (
	fieldKey   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)
	phoneShape = regexp.MustCompile(`^\+?[0-9 ()./-]{3,25}$`)
)

// ownFields are the fields that the contact has a place for; their kind and words need not be told.
func ownField(key string) (kind string, words channels.Words, ok bool) {
	switch key {
	case "name":
		return "text", channels.Words{Zh: "称呼", En: "Name"}, true
	case "email":
		return "email", channels.Words{Zh: "邮箱", En: "Email"}, true
	case "phone":
		return "phone", channels.Words{Zh: "电话", En: "Phone"}, true
	}
	return "", channels.Words{}, false
}

// parseField reads a line "key* | kind | 中文 | English | option, option".
func parseField(line string) (field, error) {
	columns := strings.Split(line, "|")
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	key, required := strings.CutSuffix(columns[0], "*")
	f := field{Key: key, Required: required, Kind: "text"}
	if !fieldKey.MatchString(key) || key == "page_url" || key == "page_title" {
		return f, fmt.Errorf("%q is no name of a field: use small letters, digits and _", key)
	}
	own := false
	if f.Kind, f.words, own = ownField(key); !own {
		f.Kind, f.words = "text", channels.Words{Zh: key, En: key}
	}
	return f, f.columns(columns[1:], own)
}

func (f *field) columns(columns []string, own bool) error {
	for i, text := range columns {
		switch {
		case text == "":
		case len(text) > maxFieldLabel*utf8.UTFMax*maxFieldOption || i > 3:
			return errors.New("a line has too much")
		case i == 0 && (own && text != f.Kind || !slices.Contains([]string{"text", "email", "phone", "select"}, text)):
			return fmt.Errorf("%q is no kind of field: text, email, phone or select", text)
		case i == 0:
			f.Kind = text
		case i == 1:
			f.words = channels.Words{Zh: text, En: text}
		case i == 2:
			f.words.En = text
		default:
			for option := range strings.SplitSeq(text, ",") {
				f.Options = append(f.Options, strings.TrimSpace(option))
			}
		}
	}
	if (f.Kind == "select") != (len(f.Options) > 0) || len(f.Options) > maxFieldOption ||
		max(utf8.RuneCountInString(f.words.Zh), utf8.RuneCountInString(f.words.En)) > maxFieldLabel {
		return errors.New("a select has 1 to 20 options in the last column, others have none; a label has at most 60 characters")
	}
	return nil
}

// parseForm reads the lines of the setting.
func parseForm(lines []string) (form []field, err error) {
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		f, err := parseField(line)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(form, func(o field) bool { return o.Key == f.Key }) {
			return nil, fmt.Errorf("the field %s is there twice", f.Key)
		}
		form = append(form, f)
	}
	if len(form) > maxFields {
		return nil, errors.New("a form has at most 8 fields")
	}
	return form, nil
}

// formOf are the fields that the inbox asks for.
func formOf(inbox conversation.Inbox) []field {
	form, err := parseForm(kind().Lines(inbox, "pre_chat_fields"))
	if err != nil {
		return nil
	}
	return form
}

// introduce takes over what the visitor says of themselves. What a page says of them, without fields and consent, may be
// less than the form asks for: then the form is still to come.
func (c *call) introduce(p profile) error {
	if err := p.person.check(); err != nil {
		return err
	}
	c.visitor.take(p.person)
	if kind().Value(c.inbox, "pre_chat") == "off" {
		return nil
	}
	err := c.fillIn(p)
	if p.Fields == nil && !p.Consent {
		return nil
	}
	return err
}

// fillIn checks the form and takes it over.
func (c *call) fillIn(p profile) error {
	v := &c.visitor
	if consentText(c.inbox, "") != "" && !p.Consent {
		return badRequest("consent", "请先同意说明。", "Please agree first.")
	}
	var fields map[string]string
	for _, f := range formOf(c.inbox) {
		text, err := f.read(p)
		if err != nil {
			return err
		}
		if _, _, own := ownField(f.Key); !own && text != "" {
			if fields == nil {
				fields = map[string]string{}
			}
			fields[f.Key] = text
		}
	}
	v.Fields, v.Formed = fields, true
	return nil
}

// read finds and checks the field's value.
func (f field) read(p profile) (string, error) {
	text := clean(p.Fields[f.Key])
	switch f.Key {
	case "name":
		text = clean(p.Name)
	case "email":
		text = clean(p.Email)
	case "phone":
		text = clean(p.Phone)
	}
	switch {
	case text == "" && f.Required:
		return "", wrongField(f.Key, "请填写"+f.words.Zh+"。", f.words.En+" is required.")
	case text == "":
		return "", nil
	case len(text) > maxField:
		return "", wrongField(f.Key, f.words.Zh+"太长。", f.words.En+" is too long.")
	case f.Kind == "email" && !isEmail(text), f.Kind == "phone" && !phoneShape.MatchString(text),
		f.Kind == "select" && !slices.Contains(f.Options, text):
		return "", wrongField(f.Key, f.words.Zh+"的格式不正确。", f.words.En+" is not right.")
	}
	return text, nil
}

func wrongField(key, zh, en string) error {
	p := badRequest("form", zh, en)
	p.More = map[string]any{"field": key}
	return p
}

// introduced tells that the form before the chat is no obstacle to a message.
func (c *call) introduced() bool {
	return c.visitor.Vouched || c.visitor.Formed || kind().Value(c.inbox, "pre_chat") != "required"
}

// mayWrite refuses messages of somebody who has not filled in what the inbox requires.
func (c *call) mayWrite() error {
	if c.introduced() {
		return nil
	}
	missing := ""
	for _, f := range formOf(c.inbox) {
		if f.Required && missing == "" {
			missing = f.Key
		}
	}
	return wrongField(missing, "请先填写资料。", "Please fill in the form first.")
}

func (p person) check() error {
	if max(len(p.Name), len(p.Email), len(p.Phone)) > maxField {
		return badRequest("too_long", "资料太长。", "Name, email and phone may have 200 bytes each.")
	}
	if p.Email != "" && !isEmail(p.Email) {
		return badRequest("email", "邮箱格式不正确。", "This is not an email address.")
	}
	if p.Phone != "" && !phoneShape.MatchString(strings.TrimSpace(p.Phone)) {
		return badRequest("phone", "电话格式不正确。", "This is not a phone number.")
	}
	return nil
}

// isEmail tells whether a text is one plain address, without a name or a comment.
func isEmail(text string) bool {
	text = strings.TrimSpace(text)
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && strings.Contains(text, "@")
}
