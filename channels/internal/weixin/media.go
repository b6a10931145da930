package weixin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"huiyin/channels"
)

// Upload is a file to hand to the provider.
type Upload struct {
	Name, Type string
	Open       func() (io.ReadCloser, error)
}

// Upload sends a file to a path with a query, as the form field "media", and reads the answer into out.
func (a *API) Upload(ctx context.Context, to Account, path string, query url.Values, file Upload, out any) error {
	return a.withToken(ctx, to, func(token string) error {
		with := url.Values{"access_token": {token}}
		for k, v := range query {
			with[k] = v
		}
		body, contentType, err := form(file)
		if err != nil {
			return err
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, address(to, path, with), body)
		if err != nil {
			return Hush(err)
		}
		r.Header.Set("Content-Type", contentType)
		return a.Do(r, out)
	})
}

// form writes the file as a form. It is held in memory, being 20 MB at most, because the provider wants its length.
func form(file Upload) (body *bytes.Buffer, contentType string, err error) {
	from, err := file.Open()
	if err != nil {
		return nil, "", fmt.Errorf("open file: %w", err)
	}
	defer from.Close()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	header := textproto.MIMEHeader{"Content-Type": {file.Type}, "Content-Disposition": {`form-data; name="media"; filename="` + quoted(file.Name) + `"`}}
	part, err := w.CreatePart(header)
	if err == nil {
		_, err = io.Copy(part, from)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, "", fmt.Errorf("read file: %w", err)
	}
	return body, w.FormDataContentType(), nil
}

// quoted keeps a file's name from leaving its quotes.
func quoted(name string) string {
	return strings.NewReplacer(`\`, "_", `"`, "_", "\r", "_", "\n", "_").Replace(name)
}

// Download asks a path for a file. The provider answers an error with JSON instead of the file.
func (a *API) Download(ctx context.Context, to Account, path string, query url.Values) (file channels.File, err error) {
	err = a.withToken(ctx, to, func(token string) error {
		with := url.Values{"access_token": {token}}
		for k, v := range query {
			with[k] = v
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address(to, path, with), nil)
		if err != nil {
			return Hush(err)
		}
		file, err = a.open(r)
		return err
	})
	return file, err
}

func (a *API) open(r *http.Request) (channels.File, error) {
	answer, err := a.HTTP.Do(r)
	if err != nil {
		return channels.File{}, Hush(err)
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	_, how, _ := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
	if answer.StatusCode == http.StatusOK && (how["filename"] != "" || kind != "application/json" && kind != "text/plain" && kind != "text/html") {
		return channels.File{Name: how["filename"], Type: kind, Body: answer.Body}, nil
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxErrorBody))
	if err != nil {
		return channels.File{}, fmt.Errorf("%w: %w", ErrGarbled, err)
	}
	if err := read(answer, body, &json.RawMessage{}); err != nil {
		return channels.File{}, err
	}
	return channels.File{}, fmt.Errorf("%w: %w", ErrGarbled, errNoFile)
}

// maxErrorBody bounds what is read of an answer that is no file.
const maxErrorBody = 64 << 10

var errNoFile = errors.New("an answer without a file")
