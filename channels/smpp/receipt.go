package smpp

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"strings"

	"github.com/linxGnu/gosmpp/pdu"

	"huiyin/conversation"
)

const (
	classKind         = 0x3c // the bits of esm_class that tell what it is: SMPP 3.4, section 5.2.12
	classReceipt      = 0x04
	classIntermediate = 0x20
)

// report is what a receipt says.
type report struct {
	id       string
	state    string // as in the text form
	fault    string
	ref      uint16
	referred bool
}

// isReceipt tells a receipt from a text. By its words alone nothing is one: customers can write those too.
func (d delivery) isReceipt() bool {
	kind := d.class & classKind
	_, id := d.tlv[pdu.TagReceiptedMessageID]
	_, state := d.tlv[pdu.TagMessageStateOption]
	return kind == classReceipt || kind == classIntermediate || kind == 0 && id && state
}

// report reads a receipt by its parameters, and where those are missing by its text: SMPP 3.4, section 5.3.2 and appendix B.
func (d delivery) report(acct account) report {
	fields := receiptText(string(d.data))
	r := report{id: acct.receiptID(fields["id"]), state: strings.ToUpper(fields["stat"]), fault: fields["err"]}
	if id := d.tlv[pdu.TagReceiptedMessageID]; len(id) > 0 {
		r.id = acct.responseID(strings.TrimRight(string(id), "\x00"))
	}
	if state := d.tlv[pdu.TagMessageStateOption]; len(state) == 1 {
		r.state = stateWord(state[0])
	}
	if code := d.tlv[pdu.TagNetworkErrorCode]; len(code) == 3 {
		r.fault = fmt.Sprintf("%d", binary.BigEndian.Uint16(code[1:]))
	}
	if ref := d.tlv[tagRef]; len(ref) == 2 {
		r.ref, r.referred = binary.BigEndian.Uint16(ref), true
	}
	return r
}

// stateWord is the word of a message_state: section 5.2.28.
func stateWord(state byte) string {
	words := [...]string{1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD"}
	if int(state) < len(words) {
		return words[state]
	}
	return ""
}

// receiptText reads "id:… sub:… stat:… err:… text:…"; the spaces in "submit date:" make words of no use here.
func receiptText(text string) map[string]string {
	fields := map[string]string{}
	for _, word := range strings.Fields(text) {
		key, value, ok := strings.Cut(word, ":")
		key = strings.ToLower(key)
		if key == "text" {
			break // the customer's side has no say, but ours might quote it
		}
		if _, twice := fields[key]; ok && !twice {
			fields[key] = value
		}
	}
	return fields
}

// outcome is what the receipt means for the message; false when that is nothing yet.
func (r report) outcome() (conversation.Receipt, bool) {
	out := conversation.Receipt{ProviderID: r.id}
	switch r.state {
	case "DELIVRD":
		out.State = conversation.Delivered
		return out, r.id != "" || r.referred
	case "EXPIRED":
		out.Reason = "the phone could not be reached in time"
	case "DELETED":
		out.Reason = "the carrier deleted the text"
	case "UNDELIV":
		out.Reason = "the carrier could not deliver the text"
	case "REJECTD":
		out.Reason = "the carrier or the phone rejected the text"
	default: // on its way, or nothing that could be understood
		return out, false
	}
	out.State = conversation.Failed
	if strings.Trim(r.fault, "0") != "" {
		out.Reason += " (error " + r.fault + ")"
	}
	return out, r.id != "" || r.referred
}

// responseID and receiptID bring the ids of responses and of receipts into one form.
func (a account) responseID(id string) string {
	return oneForm(id, map[string]int{idsHexDec: 16, idsDecHex: 10}[a.ids])
}

func (a account) receiptID(id string) string {
	return oneForm(id, map[string]int{idsHexDec: 10, idsDecHex: 16}[a.ids])
}

// oneForm writes a number of a base in decimal; without a base only case and leading zeros are of no account.
func oneForm(id string, base int) string {
	id = strings.ToLower(strings.TrimSpace(id))
	if n, ok := new(big.Int).SetString(id, max(base, 2)); base > 0 && ok && len(id) <= 64 {
		return n.String()
	}
	if short := strings.TrimLeft(id, "0"); short != "" {
		return short
	}
	return id
}
