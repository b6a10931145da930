package bucket_test

import (
	"strings"
	"testing"

	"huiyin/conversation/bucket"
)

func TestAddresses(t *testing.T) {
	keys := map[string]string{"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
	for address, c := range map[string]struct {
		environment map[string]string
		is, says    string // exactly one
	}{
		"s3://files":                    {environment: keys, is: "s3://files on s3.us-east-1.amazonaws.com"},
		"s3://files/a/b/":               {environment: keys, is: "s3://files/a/b on s3.us-east-1.amazonaws.com"},
		"s3://files?region=eu-west-1":   {environment: keys, is: "s3://files on s3.eu-west-1.amazonaws.com"},
		"s3://k:a%2Fb@files":            {is: "s3://files on s3.us-east-1.amazonaws.com"},
		"s3://f?endpoint=http://h:9000": {environment: keys, is: "s3://f on h:9000"},
		"s3://f?endpoint=https://h/":    {environment: keys, is: "s3://f on h"},
		"s3://f/p": {environment: map[string]string{"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": "http://all",
			"AWS_ENDPOINT_URL_S3": "http://minio:9000", "AWS_REGION": "r"}, is: "s3://f/p on minio:9000"},
		"s3://f":                          {says: "needs a key"},
		"s3://k@f":                        {environment: keys, says: "needs a key"},
		"s3://k:secret/more@f":            {environment: keys, says: "%2F"},
		"s3:files":                        {environment: keys, says: "it must be"},
		"s3:///files":                     {environment: keys, says: "it must be"},
		"https://files":                   {environment: keys, says: "it must be"},
		"s3://f?ssl=no":                   {environment: keys, says: `no setting "ssl"`},
		"s3://f?style=odd":                {environment: keys, says: "style is"},
		"s3://f?style=host":               {environment: keys, is: "s3://f on s3.us-east-1.amazonaws.com"},
		"s3://f?endpoint=minio:9000":      {environment: keys, says: "endpoint must be"},
		"s3://f?endpoint=http://h/bucket": {environment: keys, says: "endpoint must be"},
	} {
		a, err := bucket.Parse(address, func(name string) string { return c.environment[name] })
		if c.says == "" && (err != nil || a.String() != c.is) {
			t.Errorf("%s: %v, %v", address, a, err)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "secret/more")) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("s3://k:s@bucket/prefix?endpoint=http://127.0.0.1:9000&region=r&style=path")
	f.Fuzz(func(t *testing.T, address string) {
		at, err := bucket.Parse(address, func(string) string { return "x" })
		if err != nil {
			return
		}
		if b, err := bucket.Open(at, t.TempDir()); err == nil {
			b.Stop()
		}
	})
}
