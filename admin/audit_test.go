package admin_test

import (
	"fmt"
	"net/http"
	"testing"

	"huiyin/handoff"
)

func TestAuditIsPaged(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		boss := h.as(handoff.Owner)
		for i := range 7 {
			boss.do("POST", "/teams", map[string]any{"name": fmt.Sprint("team", i)}).want(http.StatusCreated)
		}
		type entry struct {
			ID                     int64
			Actor, Action, Address string
		}
		var all []entry
		cursor := ""
		for range 10 {
			var page struct {
				Items []entry
				Next  string
			}
			boss.do("GET", "/audit?limit=3"+cursor, nil).want(http.StatusOK).into(&page)
			all = append(all, page.Items...)
			if cursor = "&cursor=" + page.Next; page.Next == "" {
				break
			}
		}
		if len(all) != 8 || all[7].Action != "signed_in" || all[0].Action != "team_created" || all[0].Address != "127.0.0.1" {
			t.Fatalf("%d entries: %+v", len(all), all)
		}
		for i := 1; i < len(all); i++ {
			if all[i].ID >= all[i-1].ID {
				t.Fatalf("not newest first: %+v", all)
			}
		}
	})
}
