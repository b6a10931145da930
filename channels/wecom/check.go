package wecom

import (
	"context"
	"errors"
	"fmt"

	"huiyin/conversation"
)

// accountsPage is how many accounts one page of the list has at most
// (https://developer.work.weixin.qq.com/document/path/94661).
const accountsPage = 100

// maxAccounts bounds the search: a company may have 5000.
const maxAccounts = 5000

// Check gets a token and looks for the account among those that the app may use.
func (a *Adapter) Check(ctx context.Context, inbox conversation.Inbox) error {
	id := a.value(inbox, keyAccount)
	for offset := 0; offset < maxAccounts; offset += accountsPage {
		var got struct {
			List []struct {
				ID     string `json:"open_kfid"`
				Manage *bool  `json:"manage_privilege"`
			} `json:"account_list"`
		}
		ask := map[string]int{"offset": offset, "limit": accountsPage}
		if err := a.api.Call(ctx, a.account(inbox), "/cgi-bin/kf/account/list", ask, &got); err != nil {
			return fmt.Errorf("%s: %w", a.explain(err), err)
		}
		for _, found := range got.List {
			if found.ID != id {
				continue
			}
			if found.Manage != nil && !*found.Manage {
				return errors.New("the app may see this customer service account but not manage it; in WeCom let the account be managed by the API")
			}
			return nil
		}
		if len(got.List) < accountsPage {
			break
		}
	}
	return fmt.Errorf("WeCom has no customer service account %s that this app may use", id)
}
