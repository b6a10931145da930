package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/webchat"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/help"
)

// articlePath is the short address of an article, for messages that have no room for more.
const articlePath = "/a/"

// articleURL is the page of an article; "" where customers cannot reach this server by a public address.
func (n *node) articleURL(id int64) string {
	return n.publicURL + articlePath + strconv.FormatInt(id, 10)
}

// newHelp makes the help centre, with what it may not import handed in.
func (n *node) newHelp(ctx context.Context) (*help.Centre, error) {
	return help.New(ctx, help.Options{DB: n.db, Meaning: n.index, Log: n.log, Channel: webchat.Name, Public: n.publicURL, Key: n.vault.Key("help centre"),
		Render:  channels.RenderMarkdown,
		Plain:   func(markdown string) string { return channels.PlainTextWith(markdown, onlyWords) },
		Sizes:   n.pictureSizes,
		Address: func(r *http.Request) string { return channels.Caller(r).String() },
		ChatURL: func(inbox int64, language string) string {
			return "/chat/" + strconv.FormatInt(inbox, 10) + "?lang=" + url.QueryEscape(language)
		}})
}

// pictureSizes are those of the files of articles.
func (n *node) pictureSizes(ctx context.Context, keys []string) (map[string][2]int, error) {
	found, err := n.conversations.PictureSizes(ctx, n.db, keys)
	sizes := map[string][2]int{}
	for key, size := range found {
		sizes[key] = [2]int{size.Width, size.Height}
	}
	return sizes, err
}

// onlyWords leaves the address of a link out of a summary.
func onlyWords(words, _ string) string { return words }

// article is what customers may read of an article, in the language asked for or another.
func (n *node) article(ctx context.Context, id int64, language string) (webchat.Article, error) {
	a, err := n.help.Text(ctx, id, language)
	if errors.Is(err, knowledge.ErrNotFound) {
		return webchat.Article{}, conversation.ErrNotFound
	}
	return webchat.Article{ID: id, Title: a.Title, Answer: a.Answer, Language: a.Language, UpdatedAt: a.UpdatedAt}, err
}

// demoCategories are the names of the demo's categories, in the order in which they are shown.
const demoCategories = `broadband 宽带 Broadband
broadband/faults 故障报修 Faults
broadband/install 新装与移机 Installation and moving
broadband/wifi 无线网络 Wi-Fi
broadband/plans 宽带套餐 Broadband plans
mobile 手机 Mobile
mobile/plans 手机套餐 Mobile plans
mobile/data 流量 Data
mobile/calls 通话与短信 Calls and texts
mobile/sim 手机卡 SIM cards
mobile/network 信号与网络 Signal and network
billing 账单与缴费 Billing
billing/bills 账单查询 Bills
billing/payment 充值缴费 Payment
billing/invoices 发票 Invoices
billing/arrears 欠费停机 Arrears
tv 电视 Television
tv/iptv 互动电视 IPTV
roaming 国际与漫游 Roaming
roaming/international 国际漫游 International roaming
account 账户 Account
account/identity 实名与过户 Identity and transfer
account/porting 携号转网 Number porting
account/app 星桥App Starbridge app
account/points 积分 Points
security 安全 Security
security/fraud 防诈骗 Fraud protection
service 服务 Service
service/contact 联系我们 Contact us
service/complaints 投诉建议 Complaints
business 企业服务 Business
business/services 企业产品 Business services`

// seedCategories names the demo's categories and puts them in order: those of one level stand in the order of the list.
func seedCategories(ctx context.Context, tx *db.Tx) error {
	for line := range strings.Lines(demoCategories) {
		path, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		zh, en, _ := strings.Cut(names, " ")
		if err := knowledge.SaveCategory(ctx, tx, path, map[string]string{"zh": zh, "en": en}); err != nil {
			return err
		}
		if _, err := knowledge.MoveCategory(ctx, tx, knowledge.Author{Name: "demo"}, knowledge.CategoryMove{Path: path, To: path}); err != nil {
			return err
		}
	}
	return nil
}

// seedReaders counts some searches in vain, so that a newcomer sees what editors get to see.
func seedReaders(ctx context.Context, tx *db.Tx) error {
	day := tx.Now.UTC().Format(time.DateOnly)
	for _, m := range []help.Missed{{Language: "zh", Term: "彩铃怎么退订", Nothing: 7}, {Language: "zh", Term: "飞机上能上网吗", Nothing: 4, Unopened: 1}, {Language: "zh", Term: "校园卡毕业", Unopened: 3},
		{Language: "en", Term: "ringback tone", Nothing: 3}, {Language: "en", Term: "in-flight wifi", Nothing: 2}} {
		m.Last = day
		if err := help.AddMissed(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// seedHelp opens the demo's help centre.
func (n *node) seedHelp(ctx context.Context) error {
	s := help.Defaults()
	s.Open, s.Inbox, s.Colour = true, n.demoInbox, "#0b7a6f"
	s.Name = map[string]string{"zh": "星桥帮助中心", "en": "Starbridge Help"}
	s.Intro = map[string]string{"zh": "您好，需要什么帮助？", "en": "Hello, how can we help?"}
	s.Links = []help.Link{{Text: map[string]string{"zh": "星桥首页", "en": "Starbridge home"}, URL: "/"}, {Text: map[string]string{"zh": "客服热线 1055", "en": "Call 1055"}, URL: "tel:1055"}}
	if err := n.db.Tx(ctx, func(tx *db.Tx) error {
		return errors.Join(seedCategories(ctx, tx), help.SaveSettings(ctx, tx, s, "demo"), seedReaders(ctx, tx))
	}); err != nil {
		return fmt.Errorf("open the help centre: %w", err)
	}
	return nil
}
