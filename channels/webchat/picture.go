package webchat

import (
	"context"
	"errors"
	"net/http"
	"strconv"
)

// Picture is an agent's face. Mark changes with it; one without Data is none.
type Picture struct {
	Mark, Type string
	Data       []byte
}

// pictureURL is where the widget finds an agent's picture; "" without one. The mark makes the address that of one picture,
// so that it may be kept, and is not to be guessed.
func (a *Adapter) pictureURL(ctx context.Context, inboxID, agentID int64) string {
	if a.PictureMark == nil || agentID == 0 {
		return ""
	}
	mark, err := a.PictureMark(ctx, agentID)
	if err != nil || mark == "" {
		return ""
	}
	return "/chat/" + strconv.FormatInt(inboxID, 10) + "/agents/" + strconv.FormatInt(agentID, 10) + "/" + mark
}

// getPicture shows the picture of an agent to whoever has its address.
func getPicture(c *call) error {
	id, err := strconv.ParseInt(c.r.PathValue("agent"), 10, 64)
	if err != nil || c.AgentPicture == nil {
		return notFound()
	}
	p, err := c.AgentPicture(c.ctx(), id)
	if err != nil {
		return err
	}
	if len(p.Data) == 0 || p.Mark != c.r.PathValue("mark") {
		return notFound()
	}
	h := c.w.Header()
	h.Set("Content-Type", p.Type)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Length", strconv.Itoa(len(p.Data)))
	if c.r.Method == http.MethodHead {
		return nil
	}
	if _, err := c.w.Write(p.Data); err != nil {
		return errors.Join(err, c.ctx().Err())
	}
	return nil
}
