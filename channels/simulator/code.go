package simulator

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// code is a code to scan.
type code struct {
	scene string
	until time.Time // zero: for good
}

const (
	codeDefault = 30 * time.Second
	codeMost    = 2592000 // seconds
	sceneMost   = 64
)

// codeCreate makes a code that brings its scene.
// https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html
func codeCreate(c *apiCall) (any, *refusal) {
	if c.account.config.Kind != OfficialAccount {
		return nil, refuse(48001, "api unauthorized")
	}
	var in struct {
		Seconds int64  `json:"expire_seconds"`
		Action  string `json:"action_name"`
		Info    struct {
			Scene struct {
				ID   json.Number `json:"scene_id"`
				Word string      `json:"scene_str"`
			} `json:"scene"`
		} `json:"action_info"`
	}
	if refused := c.decode(&in); refused != nil {
		return nil, refused
	}
	scene := in.Info.Scene.ID.String()
	if strings.HasSuffix(in.Action, "STR_SCENE") {
		scene = in.Info.Scene.Word
	}
	var made code
	switch in.Action {
	case "QR_SCENE", "QR_STR_SCENE":
		lasts := time.Duration(min(in.Seconds, codeMost)) * time.Second
		if lasts <= 0 {
			lasts = codeDefault
		}
		made = code{scene, c.sim.clock().Add(lasts)}
	case "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE":
		made = code{scene: scene}
	default:
		return nil, refuse(40052, "invalid action name")
	}
	if scene == "" || scene == "0" || len(scene) > sceneMost {
		return nil, refuse(40053, "invalid action info")
	}
	ticket := "gQ" + c.sim.random(64)
	c.account.codes[ticket] = made
	c.sim.touch()
	answer := map[string]any{"ticket": ticket, "url": "http://weixin.qq.com/q/" + c.sim.random(12)}
	if !made.until.IsZero() {
		answer["expire_seconds"] = int64(made.until.Sub(c.sim.clock()).Seconds())
	}
	return answer, nil
}

// showCode gives the picture of a ticket. Phones here scan the ticket itself, so the picture only has to look like one:
// three finders and a pattern that is the ticket's own.
func showCode(c *apiCall) (any, *refusal) {
	ticket, _ := url.QueryUnescape(c.query.Get("ticket"))
	for _, a := range c.sim.accounts {
		if _, known := a.codes[ticket]; known {
			return file{"qrcode.png", "image/png", drawCode(ticket)}, nil
		}
	}
	return nil, refuse(40070, "invalid ticket")
}

func drawCode(ticket string) []byte {
	const cells, size = 25, 8
	sum := sha1.Sum([]byte(ticket))
	picture := image.NewGray(image.Rect(0, 0, (cells+4)*size, (cells+4)*size))
	for y := range (cells + 4) * size {
		for x := range (cells + 4) * size {
			cx, cy := x/size-2, y/size-2
			shade := uint8(255)
			if cx >= 0 && cy >= 0 && cx < cells && cy < cells && dark(cx, cy, cells, sum) {
				shade = 0
			}
			picture.SetGray(x, y, color.Gray{Y: shade})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, picture)
	return b.Bytes()
}

// dark tells whether a cell is: in the corners by the finder's rings, elsewhere by the ticket.
func dark(x, y, cells int, sum [sha1.Size]byte) bool {
	for _, corner := range [][2]int{{3, 3}, {cells - 4, 3}, {3, cells - 4}} {
		ring := max(abs(x-corner[0]), abs(y-corner[1]))
		if ring <= 4 {
			return ring != 2 && ring != 4
		}
	}
	bit := (x*31 + y*17) % (len(sum) * 8)
	return sum[bit/8]>>(bit%8)&1 == 1
}

func abs(n int) int { return max(n, -n) }

func number(n int64) string { return strconv.FormatInt(n, 10) }
