package learn

import (
	"math"
	"slices"
	"testing"
)

func TestExp(t *testing.T) {
	for _, x := range []float32{-200, -80, -20, -1, -0.3, 0, 1e-6, 0.7, 1, 5, 20, 79} {
		got, want := float64(exp(x)), math.Exp(float64(x))
		if math.Abs(got-want) > 1e-5*want+1e-30 {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
	if exp(1e9) != exp(80) || exp(-1e9) != 0 {
		t.Error("exp has no bounds")
	}
}

func TestDotAndAddScaled(t *testing.T) {
	for n := range 11 {
		a, b := make([]float32, n), make([]float32, n)
		want := float32(0)
		for i := range n {
			a[i], b[i] = float32(i+1), float32(2*i-3)
			want += a[i] * b[i]
		}
		if got := dot(a, b); got != want {
			t.Errorf("dot of %d: %v, want %v", n, got, want)
		}
		addScaled(a, b, 2)
		for i := range n {
			if want := float32(i+1) + 2*float32(2*i-3); a[i] != want {
				t.Errorf("addScaled of %d, place %d: %v, want %v", n, i, a[i], want)
			}
		}
	}
}

func TestSoftmax(t *testing.T) {
	scores := []float32{1, 2, 3}
	if sum := softmax(scores); math.Abs(float64(sum)-3.407606) > 1e-4 {
		t.Errorf("log of the sum %v", sum)
	}
	for i, want := range []float64{0.0900, 0.2447, 0.6652} {
		if math.Abs(float64(scores[i])-want) > 1e-4 {
			t.Errorf("place %d: %v, want %v", i, scores[i], want)
		}
	}
	huge := []float32{1e30, -1e30}
	if softmax(huge); huge[0] != 1 || huge[1] != 0 {
		t.Errorf("of huge scores: %v", huge)
	}
}

func TestChanceDependsOnItsSeedOnly(t *testing.T) {
	a, b, c := chance(1), chance(1), chance(2)
	same := true
	for range 100 {
		x := a.next()
		same = same && x == c.next()
		if x != b.next() {
			t.Fatal("one seed, two streams")
		}
	}
	if same {
		t.Error("two seeds, one stream")
	}
	for range 1000 {
		if v := a.even(); v < -1 || v > 1 {
			t.Errorf("even %v", v)
		}
		if v := a.part(); v < 0 || v >= 1 {
			t.Errorf("part %v", v)
		}
		if v := a.below(7); v < 0 || v > 6 {
			t.Errorf("below %d", v)
		}
	}
}

func TestShuffleAndKeep(t *testing.T) {
	c := chance(3)
	order := inOrder(50)
	c.shuffle(order)
	if slices.Equal(order, inOrder(50)) {
		t.Error("nothing moved")
	}
	slices.Sort(order)
	if !slices.Equal(order, inOrder(50)) {
		t.Error("something was lost")
	}
	terms := make([]term, 10_000)
	if kept := len(c.keep(nil, terms, 0.7)); kept < 2800 || kept > 3200 {
		t.Errorf("%d of 10 000 kept", kept)
	}
	if len(c.keep(nil, terms, 0)) != len(terms) {
		t.Error("something left out")
	}
}

func TestTable(t *testing.T) {
	tab := newTable(0)
	c := chance(5)
	hashes := []uint64{0, 1 << 63} // 0 is taken for 1
	for range 5000 {
		hashes = append(hashes, c.next())
	}
	for want, hash := range hashes {
		if _, ok := tab.find(hash); ok {
			t.Fatalf("%x is there before it comes", hash)
		}
		if id, fresh := tab.add(hash); !fresh || int(id) != want {
			t.Fatalf("%x is %d, want %d", hash, id, want)
		}
	}
	for want, hash := range hashes {
		id, ok := tab.find(hash)
		again, fresh := tab.add(hash)
		if !ok || fresh || int(id) != want || again != id {
			t.Fatalf("%x is %d, then %d, want %d", hash, id, again, want)
		}
	}
	if tab.bytes() < 12*len(hashes) {
		t.Errorf("%d bytes", tab.bytes())
	}
}

func TestQuantize(t *testing.T) {
	in := []float32{-1, 0, 0.5, 1, 0.003}
	out := make([]int8, len(in))
	step := quantize(out, in)
	for i, x := range in {
		if got := float32(out[i]) * step; got-x > step/2 || x-got > step/2 {
			t.Errorf("%v became %v", x, got)
		}
	}
	if quantize(out[:2], []float32{0, 0}) != 0 {
		t.Error("nothing has a step")
	}
}

func TestLikeliest(t *testing.T) {
	values := []float32{0.1, 0.9, 0.5, 0.9, 0.3}
	for most, want := range map[int][]int32{1: {1}, 3: {1, 3, 2}, 9: {1, 3, 2, 4, 0}} {
		if got := likeliest(nil, values, most); !slices.Equal(got, want) {
			t.Errorf("the likeliest %d: %v, want %v", most, got, want)
		}
	}
	for want, values := range map[[2]int][]float32{{-1, -1}: nil, {0, -1}: {3}, {1, 0}: {3, 4}, {0, 1}: {4, 4}} {
		if a, b := topTwo(values); a != want[0] || b != want[1] {
			t.Errorf("the top two of %v: %d, %d", values, a, b)
		}
	}
	if largest(nil) != -1 || largest(values) != 1 {
		t.Error("the largest is another")
	}
}

func TestInsertKeepsOrder(t *testing.T) {
	var list []int32
	for _, v := range []int32{5, 1, 5, 9, 1, 3} {
		list = insert(list, v)
	}
	if want := []int32{1, 3, 5, 9}; !slices.Equal(list, want) {
		t.Errorf("%v, want %v", list, want)
	}
}
