package bucket_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/conversation/bucket"
	"huiyin/conversation/bucket/buckettest"
)

func open(t *testing.T, address string) *bucket.Bucket {
	t.Helper()
	at, err := bucket.Parse(address, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	b, err := bucket.Open(at, filepath.Join(t.TempDir(), "gathering"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Stop)
	return b
}

// kept puts a text into a bucket and tells its name.
func kept(t *testing.T, b *bucket.Bucket, text string) (string, error) {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	name := hex.EncodeToString(sum[:])
	return name, b.Keep(name, file)
}

func content(t *testing.T, b *bucket.Bucket, name string) (string, error) {
	t.Helper()
	file, err := b.Fetch(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), nil
}

// A probe tells a store that is away from one that will never let us in, in time whatever it does, and leaves nothing behind.
func TestProbe(t *testing.T) {
	server := buckettest.Start(t)
	well := server.Address("here")
	for name, c := range map[string]struct {
		address      string
		fault        buckettest.Fault
		fine, refuse bool
	}{
		"well":                {well, buckettest.Fault{}, true, false},
		"busy":                {well, buckettest.Fault{Status: 503}, false, false},
		"silent":              {well, buckettest.Fault{Delay: time.Hour}, false, false},
		"cut off":             {well, buckettest.Fault{Mute: true}, false, false},
		"another key":         {server.As("tester", "wrong", buckettest.Bucket, ""), buckettest.Fault{}, false, true},
		"only below a prefix": {well, buckettest.Fault{Status: 403, Only: "HEAD"}, true, false},
		"no such bucket":      {strings.Replace(well, buckettest.Bucket, "another", 1), buckettest.Fault{}, false, true},
		"full":                {well, buckettest.Fault{Status: 507, Only: "PUT"}, true, false}, // which only a write would tell
	} {
		server.Suffer(c.fault)
		if err := open(t, c.address).Probe(); (err == nil) != c.fine || errors.Is(err, bucket.ErrRefused) != c.refuse {
			t.Errorf("%s: %v", name, err)
		}
		server.Suffer(buckettest.Fault{})
	}
	if n := server.Asked("PUT"); n != 0 {
		t.Errorf("%d writes", n)
	}
}

func TestWhatIsKeptIsFound(t *testing.T) {
	server := buckettest.Start(t)
	one, other := open(t, server.Address("one/place")), open(t, server.Address("other"))
	if err := one.Check(); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("回音 ", 1<<20)
	for _, text := range []string{"", "a", long} {
		name, err := kept(t, one, text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := content(t, one, name); err != nil || got != text {
			t.Errorf("%d bytes of %d, %v", len(got), len(text), err)
		}
		size, at, err := one.Look(name)
		if err != nil || size != int64(len(text)) || time.Since(at).Abs() > time.Minute {
			t.Errorf("%d bytes, %v, %v", size, at, err)
		}
		if _, err := content(t, other, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("another place has it: %v", err)
		}
	}
	var names []string
	if err := one.Walk(func(name string) error { names = append(names, name); return nil }); err != nil || len(names) != 3 {
		t.Errorf("%q, %v", names, err)
	}
	name, err := kept(t, other, "x")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is gone may be removed
		if err := other.Remove(name); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := other.Look(name); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A store that is away for one request is asked again; one that stays away is an error, and nothing half is kept or given.
func TestFaultsOfTheStore(t *testing.T) {
	for name, fault := range map[string]buckettest.Fault{
		"busy": {Status: 503}, "throttling": {Status: 429}, "broken": {Status: 500}, "slow": {Delay: 300 * time.Millisecond},
		"cut off half-way": {Half: true}, "no answer": {Mute: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := buckettest.Start(t)
			b := open(t, server.Address("p"))
			there, err := kept(t, b, strings.Repeat("there ", 5000))
			if err != nil {
				t.Fatal(err)
			}
			server.Suffer(fault)
			text := strings.Repeat("new ", 5000)
			fresh, errKeep := kept(t, b, text)
			_, errFetch := content(t, b, there)
			if slow := fault.Delay > 0; (errKeep == nil) != slow || (errFetch == nil) != slow || errors.Is(errFetch, fs.ErrNotExist) {
				t.Errorf("keep: %v, fetch: %v", errKeep, errFetch)
			}
			if puts := server.Asked("PUT"); fault.Delay == 0 && puts != 1+3 {
				t.Errorf("tried %d times", puts-1)
			}
			server.Suffer(buckettest.Fault{})
			if got, err := content(t, b, fresh); err == nil && got != text || err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("half a file: %d bytes, %v", len(got), err)
			}
			if _, err := kept(t, b, text); err != nil {
				t.Error(err)
			}
			if got, err := content(t, b, fresh); err != nil || got != text {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
}

func TestWhatWaitingDoesNotMend(t *testing.T) {
	server := buckettest.Start(t)
	for name, address := range map[string]string{
		"another secret": server.As("tester", "wrong", buckettest.Bucket, ""), "another key": server.As("stranger", "not/a+secret", buckettest.Bucket, ""),
		"no such bucket": server.As("tester", "not/a+secret", "nowhere", ""),
	} {
		t.Run(name, func(t *testing.T) {
			before := server.Asked("PUT")
			if err := open(t, address).Check(); !errors.Is(err, bucket.ErrRefused) || strings.Contains(err.Error(), "not/a+secret") {
				t.Errorf("%v", err)
			}
			if n := server.Asked("PUT") - before; n != 1 {
				t.Errorf("tried %d times", n)
			}
		})
	}
}

// Bytes that are not what their name says are handed to nobody.
func TestDamagedBytes(t *testing.T) {
	server := buckettest.Start(t)
	b := open(t, server.Address(""))
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString("other"); err != nil {
		t.Fatal(err)
	}
	name := strings.Repeat("ab", 32)
	if err := b.Keep(name, file); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Fetch(name); err == nil || !strings.Contains(err.Error(), "other bytes") {
		t.Errorf("%v", err)
	}
}

func TestStopEndsWhatIsUnderWay(t *testing.T) {
	server := buckettest.Start(t)
	b := open(t, server.Address(""))
	server.Suffer(buckettest.Fault{Delay: time.Hour})
	ended := make(chan error)
	go func() { _, err := b.Fetch(strings.Repeat("ab", 32)); ended <- err }()
	for server.Asked("GET") == 0 {
		time.Sleep(time.Millisecond)
	}
	b.Stop()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it was found")
		}
	case <-time.After(30 * time.Second):
		t.Error("it goes on")
	}
}

// conversation.Files behaves as with a folder, but for a store that is away.
func TestFilesInABucket(t *testing.T) {
	server := buckettest.Start(t)
	files := conversation.Files{Folder: filepath.Join(t.TempDir(), "gathering"), Away: open(t, server.Address("p"))}
	stored, err := files.Put(strings.NewReader("plain text"), 100)
	if err != nil || stored.Size != 10 || !strings.HasPrefix(stored.Type, "text/plain") {
		t.Fatalf("%+v, %v", stored, err)
	}
	if _, err := files.Put(strings.NewReader("12345"), 4); !errors.Is(err, conversation.ErrTooLarge) {
		t.Error(err)
	}
	if left, err := os.ReadDir(files.Folder); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	file, err := files.Open(stored.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, []byte("plain text")) {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{"", "../secret", strings.Repeat("ab", 32)} {
		if _, err := files.Open(name); !errors.Is(err, conversation.ErrNotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
	server.Suffer(buckettest.Fault{Status: 503})
	if _, err := files.Put(strings.NewReader("new"), 100); !errors.Is(err, conversation.ErrUnavailable) || strings.Contains(err.Error(), "database") {
		t.Errorf("%v", err)
	}
	if _, err := files.Open(stored.SHA256); !errors.Is(err, conversation.ErrUnavailable) || errors.Is(err, conversation.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
