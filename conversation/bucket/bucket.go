// Package bucket keeps files in a bucket of a store that speaks S3, for nodes that share no folder. It knows nothing of
// messages; what it hands out it has compared with its name, which is the SHA-256 of its bytes.
package bucket

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"huiyin/conversation"
)

const (
	tries   = 3
	pause   = 200 * time.Millisecond // before the second try; more before the third
	within  = 40 * time.Second       // of all tries of one call, so that the request behind it is answered
	answers = 10 * time.Second       // until a store begins to answer
	atStart = 3 * time.Second        // of Check: a node does not wait longer to serve
	atProbe = time.Second            // of Probe: who asks for readiness does not wait long
)

// Bucket is a place in a bucket. It is a conversation.Shelf.
type Bucket struct {
	core    minio.Core
	at      Address
	scratch string
	within  time.Duration
	open    context.Context // until Stop
	stop    context.CancelFunc
}

var _ conversation.Shelf = (*Bucket)(nil)

// Open makes a bucket's shelf; it asks the store nothing. Files on their way out are put together in the folder scratch.
func Open(at Address, scratch string) (*Bucket, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout, transport.MaxIdleConnsPerHost = answers, 16
	transport.DisableCompression = true
	core, err := minio.NewCore(at.host, &minio.Options{Creds: at.credentials(), Secure: at.secure, Region: at.region, BucketLookup: at.lookup,
		Transport: transport, MaxRetries: 1})
	if err != nil {
		return nil, fmt.Errorf("address of the store of files: %w", err)
	}
	open, stop := context.WithCancel(context.Background())
	return &Bucket{core: *core, at: at, scratch: scratch, within: within, open: open, stop: stop}, nil
}

// Stop ends what is under way, which fails; the bucket is of no use afterwards.
func (b *Bucket) Stop() { b.stop() }

// Keep stores a gathered file. The store takes it whole, with its length and MD5, or not at all.
func (b *Bucket) Keep(name string, gathered *os.File) error {
	info, err := gathered.Stat()
	if err != nil {
		return err
	}
	return b.insist("store "+name, func(ctx context.Context) error {
		if _, err := gathered.Seek(0, io.SeekStart); err != nil {
			return err
		}
		// A reader that is nothing else: the client would close a file, and a second try needs it.
		_, err := b.core.Client.PutObject(ctx, b.at.bucket, b.key(name), struct{ io.Reader }{gathered}, info.Size(),
			minio.PutObjectOptions{ContentType: "application/octet-stream", SendContentMd5: true, DisableMultipart: true})
		return err
	})
}

// Fetch brings a file into the scratch folder, where it has no name, and opens it when all of it is there and right.
func (b *Bucket) Fetch(name string) (file *os.File, err error) {
	if err := os.MkdirAll(b.scratch, 0o700); err != nil {
		return nil, err
	}
	err = b.insist("read "+name, func(ctx context.Context) error {
		file, err = b.fetch(ctx, name)
		return err
	})
	return file, err
}

func (b *Bucket) fetch(ctx context.Context, name string) (*os.File, error) {
	body, info, _, err := b.core.GetObject(ctx, b.at.bucket, b.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	defer body.Close()
	file, err := os.CreateTemp(b.scratch, ".fetched-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // it lives as long as it is open
	if err := fill(file, body, name, info.Size); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func fill(file *os.File, body io.Reader, name string, size int64) error {
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, hash), body)
	if err != nil {
		return err
	}
	if n != size {
		return fmt.Errorf("%d bytes came instead of %d: %w", n, size, io.ErrUnexpectedEOF)
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != name {
		return fmt.Errorf("it holds other bytes (%s)", got)
	}
	_, err = file.Seek(0, io.SeekStart)
	return err
}

// Remove deletes a file, if it is there.
func (b *Bucket) Remove(name string) error {
	return b.insist("delete "+name, func(ctx context.Context) error {
		return b.core.RemoveObject(ctx, b.at.bucket, b.key(name), minio.RemoveObjectOptions{})
	})
}

// Look tells about a file.
func (b *Bucket) Look(name string) (size int64, kept time.Time, err error) {
	err = b.insist("look at "+name, func(ctx context.Context) error {
		info, err := b.core.StatObject(ctx, b.at.bucket, b.key(name), minio.StatObjectOptions{})
		size, kept = info.Size, info.LastModified
		return err
	})
	return size, kept, err
}

// Walk goes through all files.
func (b *Bucket) Walk(do func(name string) error) error {
	ctx, cancel := context.WithCancel(b.open)
	defer cancel()
	for found := range b.core.Client.ListObjects(ctx, b.at.bucket, minio.ListObjectsOptions{Prefix: b.prefix(), Recursive: true}) {
		if found.Err != nil {
			return told("list files", found.Err)
		}
		if err := do(path.Base(found.Key)); err != nil {
			return err
		}
	}
	return nil
}

// Check stores, reads and deletes a little file, within seconds. What waiting does not mend is an ErrRefused.
func (b *Bucket) Check() error {
	quick := *b
	quick.within = atStart
	return quick.check()
}

func (b *Bucket) check() error {
	text := []byte(rand.Text())
	sum := sha256.Sum256(text)
	name := hex.EncodeToString(sum[:])
	if err := os.MkdirAll(b.scratch, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(b.scratch, ".check-*")
	if err != nil {
		return err
	}
	defer file.Close()
	_ = os.Remove(file.Name())
	if _, err := file.Write(text); err != nil {
		return err
	}
	if err := b.Keep(name, file); err != nil {
		return err
	}
	back, err := b.Fetch(name)
	if err != nil {
		return errors.Join(err, b.Remove(name))
	}
	return errors.Join(back.Close(), b.Remove(name))
}

// Probe asks whether the bucket is there and lets us in, within a second. It writes nothing: a store keeps versions, and counts.
func (b *Bucket) Probe() error {
	quick := *b
	quick.within = atProbe
	return quick.insist("ask for the bucket", func(ctx context.Context) error {
		there, err := b.core.Client.BucketExists(ctx, b.at.bucket)
		if err == nil && there || err != nil && !errors.Is(told("", err), ErrRefused) {
			return err
		}
		return b.first(ctx) // a key that is good below the prefix only may not ask for the bucket
	})
}

// first lists one file, if there is one.
func (b *Bucket) first(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for found := range b.core.Client.ListObjects(ctx, b.at.bucket, minio.ListObjectsOptions{Prefix: b.prefix(), MaxKeys: 1}) {
		return found.Err
	}
	return ctx.Err()
}

// prefix is what the keys of all files begin with.
func (b *Bucket) prefix() string {
	if b.at.prefix == "" {
		return ""
	}
	return b.at.prefix + "/"
}

// key is a file's name in the bucket: the same folders as on disk, so that one can be copied into the other.
func (b *Bucket) key(name string) string { return path.Join(b.at.prefix, name[:2], name[2:4], name) }

// insist tries a few times what may succeed later.
func (b *Bucket) insist(what string, do func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(b.open, b.within)
	defer cancel()
	var err error
	for try := range tries {
		if try > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(pause * time.Duration(try)):
			}
		}
		if err = told(what, do(ctx)); err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrRefused) || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// ErrRefused is a store that does not let us do what we need: waiting does not mend it.
var ErrRefused = errors.New("the store refuses")

// told sorts what a store says (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
func told(what string, err error) error {
	if err == nil {
		return nil
	}
	said := minio.ToErrorResponse(err)
	switch {
	case said.Code == "NoSuchKey", said.StatusCode == http.StatusNotFound && said.Code == "":
		return fmt.Errorf("%s: %w", what, fs.ErrNotExist)
	case said.Code == "SlowDown", said.Code == "RequestTimeout", said.Code == "RequestTimeTooSkewed", said.StatusCode == http.StatusTooManyRequests:
	case said.Code == "NoSuchBucket", said.StatusCode == http.StatusForbidden, said.StatusCode == http.StatusUnauthorized, strings.HasPrefix(said.Code, "Invalid"):
		return fmt.Errorf("%s: %w: %s (%s)", what, ErrRefused, strings.TrimSuffix(said.Message, "."), said.Code)
	}
	return fmt.Errorf("%s: %w", what, err)
}
