package webchat

import (
	"path"
	"slices"
	"strings"
)

// endings are those that a file of a type may have; the first is its own.
func endings(kind string) []string {
	switch kind {
	case "text/plain":
		return []string{".txt", ".log", ".md", ".json", ".yaml", ".yml"}
	case "image/jpeg":
		return []string{".jpg", ".jpeg"}
	case "application/ogg":
		return []string{".ogg", ".oga", ".opus", ".ogv"}
	case "video/mp4":
		return []string{".mp4", ".m4a", ".m4v", ".mov"}
	case "video/webm":
		return []string{".webm", ".weba", ".mkv"}
	case "audio/mpeg":
		return []string{".mp3"}
	case "audio/aiff":
		return []string{".aiff", ".aif"}
	case "audio/basic":
		return []string{".au", ".snd"}
	case "audio/midi":
		return []string{".mid", ".midi"}
	case "audio/wave":
		return []string{".wav"}
	}
	for _, ending := range []string{".doc", ".xls", ".ppt"} {
		switch kind {
		case old(ending):
			return []string{ending}
		case packed(ending + "x"):
			return []string{ending + "x"}
		}
	}
	_, last, _ := strings.Cut(kind, "/") // png, gif, webp, pdf, zip, csv, avi
	return []string{"." + last}
}

// nameFor gives a file the ending of its type unless it has one. What is called a text or a picture must not run when
// whoever keeps it opens it: the system goes by the name alone, and a text may be a script (.bat, .hta).
func nameFor(kind, name string) string {
	own := endings(kind)
	if name == "" || slices.Contains(own, strings.ToLower(path.Ext(name))) {
		return name
	}
	return name + own[0]
}
