package nlu

import "testing"

func TestFoldOneCharacter(t *testing.T) {
	for r, want := range map[rune]rune{'A': 'a', '５': '5', '寬': '宽', '，': ',', '宽': '宽', 'é': 'é'} {
		if got, kept := Fold(r); got != want || !kept {
			t.Errorf("%c: %c %v", r, got, kept)
		}
	}
	if _, kept := Fold('\u200b'); kept {
		t.Error("a zero-width character is kept")
	}
}
