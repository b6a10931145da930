package bucket

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Scheme begins the address of a bucket.
const Scheme = "s3://"

// Address says where a bucket is and who may use it.
type Address struct {
	bucket, prefix       string
	host, region         string
	secure               bool
	lookup               minio.BucketLookupType
	key, secret, session string
}

// Parse reads s3://[KEY:SECRET@]BUCKET[/PREFIX][?endpoint=URL&region=NAME&style=path|host]. What it leaves out is read from the
// environment by the names that other programs use: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION,
// AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL. An error tells nothing secret.
func Parse(address string, environment func(string) string) (a Address, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://" != Scheme || u.Host == "" || u.Opaque != "" || u.Fragment != "" {
		return a, errors.New("it must be s3://BUCKET/PREFIX?endpoint=https://…&region=…; in KEY:SECRET@ before the bucket write %2F for / and %2B for +")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return a, errors.New("what stands behind its question mark cannot be read")
	}
	a.bucket, a.prefix = u.Host, strings.Trim(u.Path, "/")
	for name := range q {
		if name != "endpoint" && name != "region" && name != "style" {
			return a, fmt.Errorf("it has no setting %q; there are endpoint, region and style", name)
		}
	}
	if err := a.keys(u.User, environment); err != nil {
		return a, err
	}
	a.region = first(q.Get("region"), environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), "us-east-1")
	if err := a.server(first(q.Get("endpoint"), environment("AWS_ENDPOINT_URL_S3"), environment("AWS_ENDPOINT_URL"), "https://s3."+a.region+".amazonaws.com")); err != nil {
		return a, err
	}
	switch q.Get("style") {
	case "":
		a.lookup = minio.BucketLookupAuto
	case "path":
		a.lookup = minio.BucketLookupPath
	case "host":
		a.lookup = minio.BucketLookupDNS
	default:
		return a, errors.New("style is path (https://store/bucket/…) or host (https://bucket.store/…)")
	}
	return a, nil
}

func (a *Address) keys(who *url.Userinfo, environment func(string) string) error {
	if who != nil {
		a.key = who.Username()
		a.secret, _ = who.Password()
	} else {
		a.key, a.secret, a.session = environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"), environment("AWS_SESSION_TOKEN")
	}
	if a.key == "" || a.secret == "" {
		return errors.New("it needs a key and its secret: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or KEY:SECRET@ before the bucket")
	}
	return nil
}

func (a *Address) server(endpoint string) error {
	e, err := url.Parse(endpoint)
	if err != nil || e.Host == "" || e.Scheme != "https" && e.Scheme != "http" || strings.Trim(e.Path, "/") != "" || e.RawQuery != "" || e.User != nil {
		return errors.New("its endpoint must be https://HOST or https://HOST:PORT")
	}
	a.host, a.secure = e.Host, e.Scheme == "https"
	return nil
}

func (a Address) credentials() *credentials.Credentials {
	return credentials.NewStaticV4(a.key, a.secret, a.session)
}

// String names the place without its secrets.
func (a Address) String() string {
	place := Scheme + a.bucket
	if a.prefix != "" {
		place += "/" + a.prefix
	}
	return place + " on " + a.host
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
