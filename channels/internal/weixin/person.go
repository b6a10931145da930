package weixin

import "strings"

// Person is a UnionID as the provider's name of a person: the same on every account of one owner.
// https://developers.weixin.qq.com/doc/oplatform/en/Mobile_App/WeChat_Login/Authorized_API_call_UnionID.html
func Person(unionID string) string {
	unionID = strings.TrimSpace(unionID)
	if unionID == "" {
		return ""
	}
	return "weixin:" + unionID
}
