package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
)

// formFile finds the file of a form; everything before it is passed over.
func formFile(form *multipart.Reader) (*multipart.Part, error) {
	for range 10 {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		if err != nil {
			return nil, &fault{status: http.StatusBadRequest, code: "malformed", detail: "the form cannot be read"}
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
	return nil, invalid("file", "is required")
}

// UploadAttachment stores a file for a message to come.
func (s *Server) UploadAttachment(ctx context.Context, r api.UploadAttachmentRequestObject) (api.UploadAttachmentResponseObject, error) {
	part, err := formFile(r.Body)
	if err != nil {
		return nil, err
	}
	stored, err := s.Files.Put(part, maxUpload)
	if err != nil {
		return nil, brokenUpload(err)
	}
	if stored.Size == 0 {
		return nil, invalid("file", "is empty")
	}
	var a conversation.Attachment
	err = s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		a, err = s.Conversations.AddAttachment(ctx, tx, whoOf(ctx).id(), part.FileName(), stored)
		return err
	})
	return api.UploadAttachment201JSONResponse(viewAttachment(a)), err
}

// brokenUpload tells an upload that was cut off from a fault of ours.
func brokenUpload(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &fault{status: http.StatusBadRequest, code: "malformed", detail: "the file did not arrive whole"}
	}
	return err
}

// GetAttachment sends a file.
func (s *Server) GetAttachment(ctx context.Context, r api.GetAttachmentRequestObject) (api.GetAttachmentResponseObject, error) {
	a, err := s.seenAttachment(ctx, r.Key)
	if err != nil {
		return nil, err
	}
	file, err := s.Files.Open(a.SHA256)
	if err != nil {
		return nil, fmt.Errorf("attachment %d: %w", a.ID, err)
	}
	return download{a, file, callOf(ctx).request}, nil
}

// download is an answer that is a file.
type download struct {
	attachment conversation.Attachment
	file       io.ReadSeekCloser
	request    *http.Request
}

// VisitGetAttachmentResponse sends the file so that a browser cannot take it for a page of ours.
func (d download) VisitGetAttachmentResponse(w http.ResponseWriter) error {
	defer d.file.Close()
	a, h := d.attachment, w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Content-Disposition", disposition(a))
	h.Set("Content-Security-Policy", securityPolicy(a))
	h.Set("Cache-Control", "private, max-age=86400, immutable")
	h.Set("ETag", strconv.Quote(a.SHA256))
	http.ServeContent(w, d.request, "", a.CreatedAt, d.file)
	return nil
}

// securityPolicy keeps what a browser shows in place from doing anything. A PDF is shown by the browser's own
// viewer, which does not start inside a sandbox and runs nothing as ours.
func securityPolicy(a conversation.Attachment) string {
	if a.Type == "application/pdf" {
		return "frame-ancestors 'self'"
	}
	return "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'"
}

func disposition(a conversation.Attachment) string {
	way := "attachment"
	if shownInPlace(a.Type) {
		way = "inline"
	}
	return mime.FormatMediaType(way, map[string]string{"filename": a.Name})
}

// shownInPlace tells whether a browser may show the type itself: nothing that can hold a script.
func shownInPlace(kind string) bool {
	kind, _, _ = strings.Cut(kind, ";")
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "application/pdf", "application/ogg":
		return true
	}
	return strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
}
