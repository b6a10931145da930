package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

const smallDialogues = `{"turns":[{"sender":"customer","text":"怎么开发票"},{"sender":"helpdesk","text":"您好"},{"sender":"customer","text":"好的，谢谢"}],"satisfaction":1}
{"turns":[{"sender":"customer","text":"你们什么垃圾服务，我要投诉"},{"sender":"helpdesk","text":"您好"},{"sender":"customer","text":"还是没人处理"}],"satisfaction":-1}
{"turns":[{"sender":"customer","text":"how do I change my plan"}],"satisfaction":0}
{"turns":[{"sender":"helpdesk","text":"hello"}],"satisfaction":-0.5}
`

func TestEvalMood(t *testing.T) {
	var out bytes.Buffer
	if err := (evalMoodCmd{Dialogues: writeFile(t, "d.jsonl", smallDialogues), Below: -0.75, JSON: true}).Run(streams{out: &out}); err != nil {
		t.Fatal(err)
	}
	var r moodResult
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Conversations != 4 || r.Dissatisfied != 0.25 || r.All != 1 || r.First != 1 || r.Rules != 1 || r.PerSecond <= 0 {
		t.Errorf("%+v", r)
	}
}

func TestEvalMoodSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"no file":  {"/nowhere/d.jsonl", "/nowhere/d.jsonl"},
		"broken":   {writeFile(t, "b.jsonl", "{\n"), "line 1"},
		"no lines": {writeFile(t, "n.jsonl", ""), "no conversations"},
	} {
		if err := (evalMoodCmd{Dialogues: c.file}).Run(streams{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
