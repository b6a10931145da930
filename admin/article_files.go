package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
)

// maxAnswerPicture is how large a picture of an answer may be: customers load it on the road.
const maxAnswerPicture = 5 << 20

// UploadArticleFile stores a picture or a file for an answer.
func (s *Server) UploadArticleFile(ctx context.Context, r api.UploadArticleFileRequestObject) (api.UploadArticleFileResponseObject, error) {
	part, err := formFile(r.Body)
	if err != nil {
		return nil, err
	}
	stored, err := s.Files.Put(part, maxUpload)
	if err != nil {
		return nil, brokenUpload(err)
	}
	name := part.FileName()
	if err := checkArticleFile(name, stored); err != nil {
		return nil, err
	}
	var a conversation.Attachment
	err = s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		a, err = s.Conversations.AddAttachment(ctx, tx, whoOf(ctx).id(), name, stored)
		return err
	})
	return api.UploadArticleFile201JSONResponse{Url: knowledge.FilePath + a.Key + "/" + url.PathEscape(a.Name), Name: a.Name, Type: a.Type, Size: a.Size,
		Picture: isPicture(a.Type)}, err
}

func isPicture(kind string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp"}, kind)
}

// checkArticleFile takes pictures, and the files that people hand to customers, told by their bytes and their names. What a browser
// could take for a page or a program is none of them.
func checkArticleFile(name string, f conversation.Stored) error {
	kind, _, _ := strings.Cut(f.Type, ";")
	switch {
	case f.Size == 0:
		return invalid("file", "is empty")
	case isPicture(kind) && f.Size > maxAnswerPicture:
		return invalid("file", "a picture has 5 MB at most; make it smaller")
	case isPicture(kind) && (f.Width == 0 && kind != "image/webp"):
		return invalid("file", "this picture cannot be read")
	case isPicture(kind), kind == "application/pdf", strings.HasPrefix(kind, "audio/"), kind == "video/mp4", kind == "video/webm":
		return nil
	}
	extension := strings.ToLower(path.Ext(name))
	if kind == "application/zip" && slices.Contains([]string{".docx", ".xlsx", ".pptx", ".zip"}, extension) ||
		kind == "text/plain" && slices.Contains([]string{".txt", ".csv", ".md"}, extension) {
		return nil
	}
	return invalid("file", "take a picture (PNG, JPEG, GIF, WebP), a PDF, an Office file, a text, audio or video")
}

// keepFiles keeps the files that an article names, in the transaction that saves it.
func (s *Server) keepFiles(ctx context.Context, tx *db.Tx, c knowledge.Content) error {
	return s.Conversations.KeepForArticles(ctx, tx, whoOf(ctx).id(), c.Files())
}

// ServeArticleFile sends a file of an answer: to anybody while an answer that customers get shows it, else to people who are signed in.
func (s *Server) ServeArticleFile(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	key, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, knowledge.FilePath), "/")
	a, cache, err := s.articleFile(r, key)
	if errors.Is(err, conversation.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	if err == nil {
		err = s.sendArticleFile(w, r, a, cache)
	}
	if err != nil {
		s.Log.Error("file of an article not sent", "key", key, "error", err)
		http.Error(w, "the file cannot be read at the moment", http.StatusServiceUnavailable)
	}
}

// articleFile finds a file that whoever asks may have, and how long their browser may keep it.
func (s *Server) articleFile(r *http.Request, key string) (conversation.Attachment, string, error) {
	ctx := r.Context()
	a, err := s.Conversations.AttachmentByKey(ctx, s.DB, key)
	if err != nil {
		return a, "", err
	}
	if a.MessageID != 0 || a.ConversationID != 0 {
		return a, "", conversation.ErrNotFound
	}
	public, err := knowledge.PublicFile(ctx, s.DB, key, s.DB.Now())
	if err != nil {
		return a, "", err
	}
	if public && a.Owner == conversation.ArticleFiles {
		return a, "public, max-age=300", nil
	}
	who, err := s.identify(r)
	if err != nil || who == nil || a.Owner != conversation.ArticleFiles && a.Owner != who.id() {
		return a, "", conversation.ErrNotFound
	}
	return a, "private, no-store", nil
}

func (s *Server) sendArticleFile(w http.ResponseWriter, r *http.Request, a conversation.Attachment, cache string) error {
	file, err := s.Files.Open(a.SHA256)
	if err != nil {
		return fmt.Errorf("attachment %d: %w", a.ID, err)
	}
	defer file.Close()
	h := w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Content-Disposition", disposition(a))
	h.Set("Content-Security-Policy", securityPolicy(a))
	h.Set("Cache-Control", cache)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // sites show the widget, and with it the pictures
	h.Set("ETag", strconv.Quote(a.SHA256))
	http.ServeContent(w, r, "", a.CreatedAt, file)
	return nil
}
