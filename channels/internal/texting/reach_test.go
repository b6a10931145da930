package texting

import "testing"

func TestReach(t *testing.T) {
	for said, want := range map[string]string{"138 0013 8000": "8613800138000", "+86 13800138000": "8613800138000", "10086": "", "none": "", "": ""} {
		if got := (Rules{Country: "86"}).Reach(said); got.Address != want || got.Means != "phone" {
			t.Errorf("%q: %+v, want %q", said, got, want)
		}
	}
}
