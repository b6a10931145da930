package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a start costs where much is stored already.
const (
	storedPeople   = 1_000 // who write, and whose rows are then copied
	storedMessages = 10
	storedCopies   = 100 // of them: a million messages
	storedArticles = 100_000
	storedStarts   = 3
)

// measureStored fills a folder with a million messages and a hundred thousand articles, and starts the product on it.
func measureStored(bin string, f figures) error {
	p := product{bin: bin}
	node, err := p.start()
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(node.folder) }()
	if err := fill(p, node); err != nil {
		return err
	}
	if err := restart(p, node); err != nil { // brings the index on disk up to date
		return err
	}
	var times []float64
	for range storedStarts {
		began := time.Now()
		if err := node.start(p.node); err != nil {
			return err
		}
		times = append(times, time.Since(began).Seconds())
		node.kill()
	}
	slices.Sort(times)
	f.set("Stored", "start-s", times[storedStarts/2])
	f.set("Stored", "start-max-s", times[storedStarts-1])
	return nil
}

func restart(p product, node *child) error {
	if err := node.start(p.node); err != nil {
		return err
	}
	time.Sleep(lasting(10 * time.Second))
	node.kill()
	return nil
}

// fill has people write, stops the node, copies their rows and imports articles.
func fill(p product, node *child) error {
	people, err := meet(node.address, storedPeople)
	if err == nil {
		err = people.write(storedPeople * (storedMessages - 1))
	}
	node.kill()
	if err != nil {
		return err
	}
	if err := copyRows(filepath.Join(node.folder, "huiyin.db"), storedCopies); err != nil {
		return err
	}
	file := filepath.Join(node.folder, "articles.jsonl")
	if err := writeArticles(file, storedArticles); err != nil {
		return err
	}
	_, err = p.run("article", "import", file, "--data", node.folder)
	return err
}

// write has so many more messages written, one after the other.
func (v *visitors) write(many int) error {
	w, err := dial(v.address)
	if err != nil {
		return err
	}
	defer w.close()
	for range many {
		if status, err := w.ask(v.request()); err != nil || status/100 != 2 {
			return fmt.Errorf("write: %w", unwanted(status, err))
		}
	}
	return nil
}

// writeArticles makes up articles with two phrasings each.
func writeArticles(path string, many int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := json.NewEncoder(file)
	things := []string{"宽带", "手机卡", "机顶盒", "路由器", "国际漫游", "家庭套餐", "流量包", "短信包", "企业专线", "云存储"}
	deeds := []string{"怎么办理", "怎么取消", "为什么变慢", "多少钱", "在哪里查"}
	for i := range many {
		question := things[i%10] + deeds[i/10%5] + " 型号 " + strconv.FormatInt(int64(i), 36)
		err = errors.Join(err, out.Encode(map[string]any{"key": "k" + strconv.Itoa(i), "status": "published", "question": map[string]string{"zh": question},
			"similar": map[string][]string{"zh": {"请问" + question}}, "answer": map[string]string{"zh": "第一步，打开应用；第二步，确认。编号 " + strconv.Itoa(i) + "。"}}))
	}
	return errors.Join(err, file.Close())
}

// copies tells which columns of a table differ from copy to copy, k.n being the number of the copy.
func copies(people, messages int64) map[string]map[string]string {
	id := fmt.Sprintf(" + k.n * %d", people)
	return map[string]map[string]string{
		"contacts":      {"id": "id" + id},
		"identities":    {"id": "id" + id, "contact_id": "contact_id" + id, "conversation_id": "conversation_id" + id, "address": "address || '-' || k.n"},
		"conversations": {"id": "id" + id, "contact_id": "contact_id" + id, "identity_id": "identity_id" + id, "due_at": "NULL"},
		"messages":      {"id": fmt.Sprintf("id + k.n * %d", messages), "conversation_id": "conversation_id" + id, "source_id": "CASE WHEN source_id = '' THEN '' ELSE source_id || '-' || k.n END", "due_at": "NULL"},
	}
}

// copyRows copies the rows of everybody in a database that nobody has open.
func copyRows(path string, times int) error {
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)")
	if err != nil {
		return err
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	var people, messages int64
	if err := pool.QueryRow("SELECT (SELECT MAX(id) FROM conversations), (SELECT MAX(id) FROM messages)").Scan(&people, &messages); err != nil {
		return fmt.Errorf("copy rows: %w", err)
	}
	changes := copies(people, messages)
	for _, table := range []string{"contacts", "identities", "conversations", "messages"} {
		if err := copyTable(pool, table, changes[table], times); err != nil {
			return fmt.Errorf("copy rows of %s: %w", table, err)
		}
	}
	_, err = pool.Exec(fmt.Sprintf("UPDATE tallies SET total = total * %d, unread = unread * %d", times, times))
	return err
}

func copyTable(pool *sql.DB, table string, change map[string]string, times int) error {
	rows, err := pool.Query("SELECT * FROM " + table + " WHERE 1 = 0")
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err := errors.Join(err, rows.Close()); err != nil {
		return err
	}
	values := make([]string, len(columns))
	for i, c := range columns {
		if values[i] = change[c]; values[i] == "" {
			values[i] = c
		}
	}
	_, err = pool.Exec("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < " +
		strconv.Itoa(times-1) + ") SELECT " + strings.Join(values, ", ") + " FROM " + table + ", k")
	return err
}
