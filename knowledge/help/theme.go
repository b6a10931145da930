package help

import (
	"fmt"
	"math"
	"strconv"
)

// colour is red, green and blue from 0 to 255.
type colour [3]float64

func parseColour(text string) (colour, bool) {
	if len(text) != 7 || text[0] != '#' {
		return colour{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	return colour{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, err == nil
}

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// luminance is the relative luminance of WCAG 2.2.
func (c colour) luminance() float64 {
	part := func(x float64) float64 {
		x /= 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c[0]) + 0.7152*part(c[1]) + 0.0722*part(c[2])
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// mix is so much of a and the rest of b.
func mix(a, b colour, share float64) colour {
	var c colour
	for i := range c {
		c[i] = a[i]*share + b[i]*(1-share)
	}
	return c
}

func white() colour { return colour{255, 255, 255} }
func black() colour { return colour{16, 18, 22} }
func night() colour { return colour{22, 24, 29} }

// readable is the least contrast of text (WCAG 2.2, 1.4.3).
const readable = 4.5

// towards moves a colour to another until it can be read on a ground.
func towards(c, goal, ground colour) colour {
	for share := 1.0; share > 0; share -= 0.04 {
		if m := mix(c, goal, share); contrast(m, ground) >= readable {
			return m
		}
	}
	return goal
}

// ink is what can be read on a colour.
func ink(c colour) colour {
	if contrast(white(), c) >= readable || contrast(white(), c) >= contrast(black(), c) {
		return white()
	}
	return black()
}

// theme are the values of a style sheet that follow from the organisation's colour. Where it is too pale or too dark to be read as
// text, text has a darker or a paler one.
func theme(text string) string {
	c, ok := parseColour(text)
	if !ok {
		c, _ = parseColour(DefaultColour)
	}
	values := func(accent, ground, goal colour) string {
		soft := mix(accent, ground, 0.09)
		if ground == night() {
			soft = mix(accent, ground, 0.2)
		}
		return fmt.Sprintf("--accent:%s;--on-accent:%s;--accent-text:%s;--accent-soft:%s", accent, ink(accent), towards(accent, goal, soft), soft)
	}
	return ":root{" + values(c, white(), black()) + "}\n@media screen and (prefers-color-scheme:dark){:root{" + values(c, night(), white()) + "}}\n"
}

// Legible is the contrast of white or black words on a colour, and of the colour's own words on white, for who chooses it.
func Legible(text string) (onColour, asText float64) {
	c, ok := parseColour(text)
	if !ok {
		return 0, 0
	}
	return contrast(ink(c), c), contrast(c, white())
}
