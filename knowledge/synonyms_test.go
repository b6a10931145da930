package knowledge_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
)

func replaceSynonyms(t testing.TB, d *db.DB, groups [][]string) [][]string {
	t.Helper()
	var kept [][]string
	write(t, d, func(tx *db.Tx) (err error) {
		kept, err = knowledge.ReplaceSynonyms(context.Background(), tx, groups)
		return err
	})
	return kept
}

func TestSynonymsAreTidied(t *testing.T) {
	for name, d := range map[string]*db.DB{"SQLite": openSQLite(t), "PostgreSQL": openPostgres(t)} {
		t.Run(name, func(t *testing.T) {
			kept := replaceSynonyms(t, d, [][]string{{" hotspot ", "tethering", "hotspot", ""}, {"alone"}, {"大王卡", "  super   SIM "}})
			stored, err := knowledge.Synonyms(context.Background(), d)
			if err != nil || len(stored) != 2 || !slices.Equal(stored[0], []string{"hotspot", "tethering"}) || !slices.Equal(stored[1], []string{"大王卡", "super SIM"}) {
				t.Errorf("%q, kept %q, %v", stored, kept, err)
			}
			if kept = replaceSynonyms(t, d, nil); len(kept) != 0 {
				t.Errorf("%q", kept)
			}
		})
	}
}

func TestSynonymRefusals(t *testing.T) {
	d := openSQLite(t)
	many := make([]string, knowledge.MaxSynonyms+1)
	for i := range many {
		many[i] = strings.Repeat("x", i+1)
	}
	lots := make([][]string, knowledge.MaxSynonymGroups+1)
	for i := range lots {
		lots[i] = []string{"a", "b"}
	}
	for name, groups := range map[string][][]string{"a long word": {{strings.Repeat("很", knowledge.MaxSynonymLength+1), "长"}}, "a long group": {many}, "many groups": lots} {
		err := d.Tx(context.Background(), func(tx *db.Tx) error {
			_, err := knowledge.ReplaceSynonyms(context.Background(), tx, groups)
			return err
		})
		var invalid *knowledge.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAddSynonym(t *testing.T) {
	d := openSQLite(t)
	replaceSynonyms(t, d, [][]string{{"光猫", "调制解调器"}})
	for _, pair := range [][2]string{{"猫盒", "光猫"}, {"chit", "voucher"}, {"猫盒", "光猫"}} {
		if err := d.Tx(context.Background(), func(tx *db.Tx) error { return knowledge.AddSynonym(context.Background(), tx, pair[0], pair[1]) }); err != nil {
			t.Fatal(err)
		}
	}
	got, err := knowledge.Synonyms(context.Background(), d)
	if want := "[[光猫 调制解调器 猫盒] [voucher chit]]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("%v %v, want %s", got, err, want)
	}
}

func TestSynonymsAreFollowed(t *testing.T) {
	d := openSQLite(t)
	telecom(t, d)
	one, _ := openIndex(t, t.TempDir(), d)
	two, _ := openIndex(t, t.TempDir(), d)
	follow(t, one)
	follow(t, two)
	if got := top(ask(t, one, "zorblax", knowledge.Options{})); got != "" {
		t.Errorf("found %q before", got)
	}
	replaceSynonyms(t, d, [][]string{{"zorblax", "国际漫游"}})
	one.Poke()
	for _, x := range []*knowledge.Index{one, two} { // the second node is not poked
		within(t, "the synonym is known", func() bool { return top(ask(t, x, "zorblax", knowledge.Options{})) == "roaming" })
	}
	replaceSynonyms(t, d, nil)
	within(t, "it is forgotten", func() bool { return top(ask(t, two, "zorblax", knowledge.Options{})) == "" })
}
