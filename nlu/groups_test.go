package nlu

import (
	"slices"
	"testing"
)

func TestGroups(t *testing.T) {
	g := NewGroups([][]string{{"大王卡", "super SIM", "unlimited plan"}, {"hotspot", "super SIM"}, {"", "  "}})
	for text, want := range map[string][]uint16{
		"怎么办大王卡":               {0},
		"my SUPER sims":        {0, 1},
		"hotspots and plans":   {1},
		"the unlimited plan":   {0},
		"unlimited everything": nil,
		"":                     nil,
	} {
		if got := g.Find(Normalize(text)); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if (*Groups)(nil).Find("hotspot") != nil || NewGroups(nil).Find("hotspot") != nil {
		t.Error("no list found something")
	}
}
