package document

import (
	"encoding/xml"
	"errors"
	"path"
	"strings"

	"huiyin/knowledge/unpack"
)

// maxWordPart bounds the small parts of a Word file that are read whole.
const maxWordPart = 8 << 20

// readWordPart reads a part that need not be there.
func readWordPart(a *unpack.Archive, part string, into any) error {
	if !a.Has(part) {
		return nil
	}
	data, err := a.ReadFile(part, maxWordPart)
	if err != nil {
		return err
	}
	var refused *unpack.Refused
	if err := xml.Unmarshal(data, into); err != nil && !errors.As(err, &refused) {
		return &unpack.Refused{Code: "broken", Message: "the file is damaged: " + path.Base(part) + " cannot be read"}
	}
	return nil
}

type wordValue struct {
	Val string `xml:"val,attr"`
}

// readWordStyles tells which styles make headings, and of which level: by their outline level, by their name, which is
// English in every edition, or because they are based on such a style.
func readWordStyles(a *unpack.Archive) (map[string]int, error) {
	var doc struct {
		Styles []struct {
			ID      string     `xml:"styleId,attr"`
			Name    wordValue  `xml:"name"`
			Based   wordValue  `xml:"basedOn"`
			Outline *wordValue `xml:"pPr>outlineLvl"`
		} `xml:"style"`
	}
	if err := readWordPart(a, "word/styles.xml", &doc); err != nil {
		return nil, err
	}
	levels, based := map[string]int{}, map[string]string{}
	for _, s := range doc.Styles {
		name := strings.ToLower(s.Name.Val)
		for _, prefix := range []string{"heading ", "标题 "} {
			if rest, ok := strings.CutPrefix(name, prefix); ok && len(rest) == 1 && rest[0] >= '1' && rest[0] <= '9' {
				levels[s.ID] = int(rest[0] - '0')
			}
		}
		if s.Outline != nil && len(s.Outline.Val) == 1 && s.Outline.Val[0] >= '0' && s.Outline.Val[0] <= '8' {
			levels[s.ID] = int(s.Outline.Val[0]-'0') + 1
		}
		based[s.ID] = s.Based.Val
	}
	for id := range based {
		at := id
		for steps := 0; steps < 10 && at != "" && levels[id] == 0; steps++ {
			at = based[at]
			levels[id] = levels[at]
		}
	}
	return levels, nil
}

// readWordNumbers tells of each list, by number and depth, whether its items are numbered.
func readWordNumbers(a *unpack.Archive) (map[string]map[string]bool, error) {
	var doc struct {
		Abstract []struct {
			ID     string `xml:"abstractNumId,attr"`
			Levels []struct {
				Depth  string    `xml:"ilvl,attr"`
				Format wordValue `xml:"numFmt"`
			} `xml:"lvl"`
		} `xml:"abstractNum"`
		Numbers []struct {
			ID       string    `xml:"numId,attr"`
			Abstract wordValue `xml:"abstractNumId"`
		} `xml:"num"`
	}
	if err := readWordPart(a, "word/numbering.xml", &doc); err != nil {
		return nil, err
	}
	forms := map[string]map[string]bool{}
	for _, abstract := range doc.Abstract {
		forms[abstract.ID] = map[string]bool{}
		for _, l := range abstract.Levels {
			forms[abstract.ID][l.Depth] = l.Format.Val != "bullet" && l.Format.Val != "none"
		}
	}
	numbers := map[string]map[string]bool{}
	for _, n := range doc.Numbers {
		numbers[n.ID] = forms[n.Abstract.Val]
	}
	return numbers, nil
}

// readWordLinks tells what links and pictures lead to.
func readWordLinks(a *unpack.Archive, part string) (map[string]string, error) {
	var doc struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := readWordPart(a, path.Dir(part)+"/_rels/"+path.Base(part)+".rels", &doc); err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, r := range doc.List {
		targets[r.ID] = r.Target
	}
	return targets, nil
}
