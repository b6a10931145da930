package slack_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/handoff"
)

// What is stored for a conversation is stored in two places of this package: send, for the customer, and store, which only
// note calls, with a private draft. Whoever adds a third has to say so here, and show below that it keeps to itself.
func TestOnlySendStoresWhatACustomerGets(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string][]string{} // by method: the functions that call it
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if s, ok := call.Fun.(*ast.SelectorExpr); ok {
						calls[s.Sel.Name] = append(calls[s.Sel.Name], fn.Name.Name)
					}
				}
				return true
			})
		}
	}
	for method, want := range map[string][]string{
		"Reply": {"send", "store"}, "Activity": nil, "Record": nil, "Whisper": nil, // of package conversation: what writes messages
		"send": {"sendLater", "sendPrefixed", "submitReply"}, "store": {"note"},
		"Transfer": {"submitTransfer"}, // its text is a note for whoever takes over
	} {
		got := slices.Clone(calls[method])
		slices.Sort(got)
		if !slices.Equal(slices.Compact(got), want) {
			t.Errorf("%s is called by %q, want %q", method, got, want)
		}
	}
}

// Every path by which a text can leave a thread, and those by which it cannot.
func TestWhatIsWrittenInAThreadStaysInternal(t *testing.T) {
	o := quick(t, setup{prefix: "!!"})
	id := o.customer("Wang Li", "my bill is wrong")
	p := paths{office: o, t: t, id: id, root: o.thread(id).TS}
	for name, act := range p.stay() {
		t.Run(name, func(t *testing.T) {
			if note := act(); note != "" {
				o.until("the note "+note, func() bool { return o.noted(id, note) })
			}
		})
	}
	o.whispered(o.guest, "not linked")
	o.whispered(o.annaIn, "Editing does not change")
	o.quiet(t)
	if sent := o.sent(id); len(sent) != 0 {
		t.Fatalf("the customer was sent %q", sent)
	}
	for i, way := range p.leave() {
		t.Run(way.name, func(t *testing.T) {
			way.act()
			o.until("sending "+way.text, func() bool { s := o.sent(id); return len(s) == i+1 && s[i] == way.text })
		})
	}
	o.quiet(t)
	if sent := o.sent(id); len(sent) != len(p.leave()) {
		t.Fatalf("the customer was sent %q", sent)
	}
}

// quiet waits until everything that came from Slack was heeded.
func (o *office) quiet(t *testing.T) {
	t.Helper()
	o.until("quiet", func() bool {
		var n int
		return o.store.DB.QueryRow(o.ctx, "SELECT COUNT(*) FROM slack_events WHERE due_at IS NOT NULL").Scan(&n) != nil || n == 0
	})
}

// paths are the ways of a thread.
type paths struct {
	*office
	t    *testing.T
	id   int64
	root string
}

func (p paths) write(user, text string) string {
	p.Helper()
	ts, err := p.slack.Write(user, p.channel, p.root, text)
	if err != nil {
		p.t.Fatal(err)
	}
	return ts
}

func (p paths) must(err error) {
	p.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// asked waits until a user is shown a dialog.
func (p paths) asked(user string) {
	p.Helper()
	p.await("the dialog", func() bool { return p.slack.Dialog(user) != nil })
}

// stay are the ways by which nothing goes to the customer; what they give is noted in the console.
func (p paths) stay() map[string]func() string {
	ways := map[string]func() string{
		"a remark of the owner":           func() string { p.write(p.annaIn, "he is lying 1"); return "he is lying 1" },
		"a remark of a stranger":          func() string { p.write(p.guest, "who is this 2"); return "who is this 2" },
		"the prefix by a stranger":        func() string { p.write(p.guest, "!! hello 3"); return "" },
		"the prefix later in the text":    func() string { p.write(p.annaIn, "look: !! hello 4"); return "look: !! hello 4" },
		"a reply that names the customer": func() string { p.write(p.annaIn, "@Wang Li the answer is 9"); return "the answer is 9" },
		"the prefix and nothing else":     func() string { p.write(p.annaIn, "!!"); return "" },
		"a file": func() string {
			_, err := p.slack.Share(p.annaIn, p.channel, p.root, "plan.txt", "plan 8", []byte("internal"))
			p.must(err)
			return "plan 8"
		},
		"a message outside the thread": func() string {
			_, err := p.slack.Write(p.annaIn, p.channel, "", "!! outside 10")
			p.must(err)
			return ""
		},
		"a message in a colleagues' thread": func() string {
			ts, err := p.slack.Write(p.guest, p.channel, "", "lunch? 12")
			p.must(err)
			_, err = p.slack.Write(p.annaIn, p.channel, ts, "!! noodles 12")
			p.must(err)
			return ""
		},
		"a slash command": func() string {
			_, err := p.slack.Command(p.annaIn, p.channel, "/huiyin", "reply hello 11")
			p.must(err)
			return ""
		},
	}
	for name, way := range p.stayEdited() {
		ways[name] = way
	}
	for name, way := range p.stayPressed() {
		ways[name] = way
	}
	return ways
}

func (p paths) stayEdited() map[string]func() string {
	return map[string]func() string{
		"a text edited to have the prefix": func() string {
			p.must(p.slack.Edit(p.channel, p.write(p.annaIn, "draft 5"), "!! draft 5b"))
			return "draft 5"
		},
		"an edited remark": func() string {
			p.must(p.slack.Edit(p.channel, p.write(p.annaIn, "remark 6"), "remark 6b"))
			return "remark 6b"
		},
		"a deleted remark": func() string {
			p.must(p.slack.Erase(p.channel, p.write(p.annaIn, "remark 7")))
			return "deleted in Slack: remark 7"
		},
	}
}

func (p paths) stayPressed() map[string]func() string {
	shortcut := func(user, ts string) { p.must(p.slack.Shortcut(user, p.channel, ts, "send_to_customer")) }
	return map[string]func() string{
		"a dialog that is closed": func() string {
			p.press(p.annaIn, p.thread(p.id), "reply")
			p.asked(p.annaIn)
			p.must(p.slack.Dismiss(p.annaIn))
			return ""
		},
		"the shortcut, and its dialog closed": func() string {
			shortcut(p.annaIn, p.write(p.annaIn, "maybe 13"))
			p.asked(p.annaIn)
			p.must(p.slack.Dismiss(p.annaIn))
			return "maybe 13"
		},
		"the shortcut by a stranger": func() string {
			shortcut(p.guest, p.write(p.annaIn, "not yours 14"))
			p.whispered(p.guest, "not linked")
			return "not yours 14"
		},
		"the shortcut on the card": func() string {
			shortcut(p.annaIn, p.root)
			p.whispered(p.annaIn, "Use this shortcut on a message")
			return ""
		},
		"an empty dialog": func() string {
			p.press(p.annaIn, p.thread(p.id), "reply")
			p.asked(p.annaIn)
			_ = p.slack.Submit(p.annaIn, map[string]any{"text": "   "}) // it is refused in the dialog
			p.must(p.slack.Dismiss(p.annaIn))
			return ""
		},
		"the note of a transfer": func() string {
			p.press(p.annaIn, p.thread(p.id), "transfer")
			p.asked(p.annaIn)
			p.must(p.slack.Submit(p.annaIn, map[string]any{"to": fmt.Sprint("a", p.lin.ID), "note": "he shouts 15"}))
			p.giveBack(p.lin)
			return "he shouts 15"
		},
		"the dialog, while somebody else has the conversation": func() string {
			p.press(p.annaIn, p.thread(p.id), "reply")
			p.asked(p.annaIn)
			p.tx(func(tx *db.Tx) error { _, err := p.desk.Claim(p.ctx, tx, p.id, p.lin, false); return err })
			_ = p.slack.Submit(p.annaIn, map[string]any{"text": "too late 16"}) // it is refused in the dialog
			if d := p.slack.Dialog(p.annaIn); d == nil {
				p.t.Error("the dialog was closed as if it had been sent")
			}
			p.must(p.slack.Dismiss(p.annaIn))
			p.write(p.annaIn, "!! too late 17")
			p.whispered(p.annaIn, "Lin has this conversation")
			p.giveBack(p.lin)
			return ""
		},
	}
}

// giveBack puts the conversation back into the queue.
func (p paths) giveBack(by handoff.Agent) {
	p.Helper()
	p.tx(func(tx *db.Tx) error {
		_, err := p.desk.Release(p.ctx, tx, p.id, by, handoff.ToQueue)
		return err
	})
}

// way is a way by which a text leaves.
type way struct {
	name, text string
	act        func()
}

// leave are the ways by which a text goes to the customer, all of them.
func (p paths) leave() []way {
	return []way{
		{"the Reply dialog", "by dialog", func() { p.reply(p.annaIn, p.office.thread(p.id), "by dialog") }},
		{"the shortcut", "by shortcut", func() {
			p.must(p.slack.Shortcut(p.annaIn, p.channel, p.write(p.guest, "by shortcut"), "send_to_customer"))
			p.asked(p.annaIn)
			p.must(p.slack.Submit(p.annaIn, nil))
		}},
		{"the prefix", "by prefix & <more>", func() { p.write(p.annaIn, "!! by prefix &amp; &lt;more&gt;") }},
		{"the Reply dialog of the app home", "from home", func() {
			p.slack.OpenHome(p.annaIn)
			p.await("her home", func() bool {
				v := p.slack.Home(p.annaIn)
				return v != nil && strings.Contains(string(v.Blocks), "Wang Li")
			})
			p.must(p.slack.PressView(p.annaIn, p.slack.Home(p.annaIn).ID, "reply", ""))
			p.asked(p.annaIn)
			p.must(p.slack.Submit(p.annaIn, map[string]any{"text": "from home"}))
		}},
	}
}
