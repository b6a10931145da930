package simulator

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

// post uploads a file and gives the answer.
func (s *shop) post(kind, name, content string) map[string]any {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("media", name)
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = io.WriteString(part, content)
	_ = form.Close()
	r, _ := http.NewRequest(http.MethodPost, s.api+"/cgi-bin/media/upload?type="+kind+"&access_token="+s.authorize(), &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return s.send(r)
}

func (s *shop) send(r *http.Request) map[string]any {
	s.t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.decode(response)
}

func (s *shop) upload(kind, name, content string) string {
	s.t.Helper()
	answer := s.post(kind, name, content)
	id, _ := answer["media_id"].(string)
	if id == "" {
		s.t.Fatalf("upload %s: %v", name, answer)
	}
	return id
}

func TestUploads(t *testing.T) {
	large := func(bytes int) string { return strings.Repeat("x", bytes) }
	for label, c := range map[string]struct {
		shop       *shop
		kind, name string
		size       int
		code       int64
	}{
		"picture":           {official(t, Plain), "image", "a.jpg", 100, 0},
		"large picture":     {official(t, Plain), "image", "a.jpg", 11 << 20, 40009},
		"nothing":           {official(t, Plain), "image", "a.jpg", 0, 40006},
		"text as a picture": {official(t, Plain), "image", "a.txt", 100, 40005},
		"file":              {official(t, Plain), "file", "a.txt", 100, 40004},
		"voice":             {official(t, Plain), "voice", "a.amr", 100, 0},
		"large voice":       {official(t, Plain), "voice", "a.amr", 3 << 20, 40010},
		"large video":       {official(t, Plain), "video", "a.mp4", 11 << 20, 40011},
		"large thumb":       {official(t, Plain), "thumb", "a.jpg", 65 << 10, 40012},
		"kf file":           {kf(t), "file", "a.txt", 100, 0},
		"kf mp3":            {kf(t), "voice", "a.mp3", 100, 40005},
		"kf five bytes":     {kf(t), "file", "a.txt", 5, 40006},
	} {
		c.shop.t = t
		if answer := c.shop.post(c.kind, c.name, large(c.size)); errcodeOf(answer) != c.code {
			t.Errorf("%s: %v", label, answer)
		}
	}
	s := official(t, Plain)
	s.wants("/cgi-bin/media/upload?type=image", "no form", 41005)
}

// get fetches a file and gives its content, type and name.
func (s *shop) get(url string) (body, kind, name string) {
	s.t.Helper()
	response, err := http.Get(url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(raw), response.Header.Get("Content-Type"), response.Header.Get("Content-Disposition")
}

func TestFilesOfTheCustomers(t *testing.T) {
	s := official(t, Plain)
	p := s.follower("li")
	s.answers(func(int, hookCall) (int, string) { return 200, "success" })
	s.do(p, Act{Do: "image", Name: "cat.png", Content: []byte("picture")})
	s.do(p, Act{Do: "voice", Text: "断网了", Content: []byte("voice")})
	s.do(p, Act{Do: "video", Content: []byte("video")})
	var pushed []*node
	for _, h := range s.calls() {
		root, err := readXML([]byte(h.body))
		if err != nil {
			t.Fatal(err)
		}
		pushed = append(pushed, root)
	}
	from := func(id string) string {
		return s.api + "/cgi-bin/media/get?access_token=" + s.authorize() + "&media_id=" + id
	}
	if body, kind, name := s.get(from(pushed[0].get("MediaId"))); body != "picture" || kind != "image/png" || !strings.Contains(name, "cat.png") {
		t.Errorf("%q %q %q", body, kind, name)
	}
	if body, _, _ := s.get(pushed[0].get("PicUrl")); body != "picture" {
		t.Errorf("PicUrl: %q", body)
	}
	if body, kind, _ := s.get(from(pushed[1].get("MediaId"))); body != "voice" || kind != "audio/amr" || pushed[1].get("Recognition") != "断网了" {
		t.Errorf("%q %q", body, kind)
	}
	answer := s.call("/cgi-bin/media/get?media_id="+pushed[2].get("MediaId"), "")
	if body, _, _ := s.get(fmt.Sprint(answer["video_url"])); body != "video" {
		t.Errorf("%v", answer)
	}
	s.sim.Later(73 * time.Hour)
	s.token = ""
	s.wants("/cgi-bin/media/get?media_id="+pushed[0].get("MediaId"), "", 40007)
}
