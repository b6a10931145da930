package knowledge

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"huiyin/db"
)

// Category is a folder of articles. Its path is what articles, imports and addresses say; its names are what people read.
type Category struct {
	Path     string            `json:"path"`
	Articles int               `json:"articles"` // its own, archived ones left out, without those of the categories below
	Names    map[string]string `json:"names"`    // by language; where there is none, the last part of the path is its name
	Place    int               `json:"place"`    // among its siblings; 0: after those that have one
}

// Name is what a reader of this language reads.
func (c Category) Name(language string) string {
	if name := c.Names[language]; name != "" {
		return name
	}
	return c.Path[strings.LastIndex(c.Path, "/")+1:]
}

// Parent is the path of the category above; "" for one at the top.
func (c Category) Parent() string { return parentOf(c.Path) }

func parentOf(path string) string { return path[:max(strings.LastIndex(path, "/"), 0)] }

// MaxCategoryName is how long a category's name in one language may be.
const MaxCategoryName = 60

// Categories are all categories in the order in which people see them: each before those below it, siblings as they were placed.
// One that only holds others is among them, and one that holds nothing yet.
func Categories(ctx context.Context, from db.Querier) ([]Category, error) {
	known, err := storedCategories(ctx, from)
	if err != nil {
		return nil, err
	}
	if err := countCategories(ctx, from, known); err != nil {
		return nil, err
	}
	below := map[string][]*Category{}
	for _, c := range known {
		below[c.Parent()] = append(below[c.Parent()], c)
	}
	return inOrder(below, "", make([]Category, 0, len(known))), nil
}

func inOrder(below map[string][]*Category, parent string, list []Category) []Category {
	siblings := below[parent]
	slices.SortFunc(siblings, func(a, b *Category) int {
		if (a.Place == 0) != (b.Place == 0) {
			return cmp.Compare(b.Place, a.Place) // those without a place behind
		}
		return cmp.Or(cmp.Compare(a.Place, b.Place), strings.Compare(a.Path, b.Path))
	})
	for _, c := range siblings {
		list = inOrder(below, c.Path, append(list, *c))
	}
	return list
}

// storedCategories are the categories that have a row, and those above them.
func storedCategories(ctx context.Context, from db.Querier) (map[string]*Category, error) {
	rows, err := from.Query(ctx, "SELECT path, place, names FROM knowledge_categories")
	if err != nil {
		return nil, fmt.Errorf("list categories: %w", err)
	}
	defer rows.Close()
	known := map[string]*Category{}
	for rows.Next() {
		var path, names string
		var place int
		if err := rows.Scan(&path, &place, &names); err != nil {
			return nil, fmt.Errorf("list categories: %w", err)
		}
		c := withParents(known, path)
		c.Place = place
		if err := json.Unmarshal([]byte(names), &c.Names); err != nil {
			return nil, fmt.Errorf("read category %s: %w", path, err)
		}
	}
	return known, rows.Err()
}

// withParents finds a category, or makes it and those above it.
func withParents(known map[string]*Category, path string) *Category {
	if c := known[path]; c != nil {
		return c
	}
	c := &Category{Path: path, Names: map[string]string{}}
	known[path] = c
	if parent := c.Parent(); parent != "" {
		withParents(known, parent)
	}
	return c
}

func countCategories(ctx context.Context, from db.Querier, known map[string]*Category) error {
	rows, err := from.Query(ctx, "SELECT category, COUNT(*) FROM articles WHERE status <> ? AND category <> '' GROUP BY category", string(Archived))
	if err != nil {
		return fmt.Errorf("count categories: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var path string
		var n int
		if err := rows.Scan(&path, &n); err != nil {
			return fmt.Errorf("count categories: %w", err)
		}
		withParents(known, path).Articles = n
	}
	return rows.Err()
}

// SaveCategory makes a category, or gives one that is there other names.
func SaveCategory(ctx context.Context, tx *db.Tx, path string, names map[string]string) error {
	path, err := categoryPath("path", path)
	if err != nil {
		return err
	}
	kept := map[string]string{}
	for l, name := range names {
		if !validLanguage(l) {
			return &Invalid{"names", "a language is a short code such as zh or en"}
		}
		name = strings.Join(strings.Fields(name), " ")
		if err := checkText("names", name, MaxCategoryName); err != nil {
			return err
		}
		setText(kept, l, name)
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("save category: %w", err)
	}
	_, err = tx.Exec(ctx, "INSERT INTO knowledge_categories (path, names) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET names = excluded.names", path, string(text))
	if err != nil {
		return fmt.Errorf("save category: %w", err)
	}
	return nil
}

func categoryPath(field, path string) (string, error) {
	path = cleanCategory(path)
	if path == "" {
		return "", &Invalid{field, "give the category a name"}
	}
	return path, checkCategory(field, path)
}

func checkCategory(field, path string) error {
	if err := checkText(field, path, MaxCategory); err != nil {
		return err
	}
	if strings.Count(path, "/") >= MaxDepth {
		return &Invalid{field, fmt.Sprintf("a category has at most %d levels", MaxDepth)}
	}
	return nil
}
