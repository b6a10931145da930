package smpp

import (
	"encoding/binary"
	"fmt"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"

	"huiyin/channels/internal/gsm"
)

const (
	classUDH   = 0x40 // esm_class: short_message begins with a user data header
	receipts   = 0x01 // registered_delivery: of success and of failure
	concat8    = 0x00 // the header's element, 3GPP TS 23.040 section 9.2.3.24.1
	tonUnknown = 0x00
	tonInter   = 0x01
	tonAlpha   = 0x05
	npiUnknown = 0x00
	npiISDN    = 0x01
	shortCode  = 8               // digits that a service's number has at most
	maxPayload = 32_767          // gosmpp writes the length with a sign
	tagRef     = pdu.Tag(0x0204) // user_message_reference
)

// compose writes a text as submit_sm, one for each part. id makes the parts of one message known as such: it is the same
// when a message goes on after an interruption.
func compose(acct account, to, text string, id int64) ([]*pdu.SubmitSM, error) {
	parts, encoding := gsm.Split(text)
	if acct.payload == payloadMessage {
		parts = []string{text}
	}
	if len(parts) > 255 {
		return nil, fmt.Errorf("%d parts", len(parts))
	}
	all := make([]*pdu.SubmitSM, 0, len(parts))
	for i, part := range parts {
		p, err := submit(acct, to)
		if err != nil {
			return nil, err
		}
		if err := fill(p, acct.payload, gsm.Encode(part, encoding), coding(encoding)); err != nil {
			return nil, err
		}
		if len(parts) > 1 {
			number(p, acct.payload, id, len(parts), i+1)
		}
		all = append(all, p)
	}
	return all, nil
}

// coding is the data_coding of an encoding: SMPP 3.4, section 5.2.19.
func coding(e gsm.Encoding) data.Encoding {
	if e == gsm.UCS2 {
		return data.UCS2
	}
	return data.GSM7BIT // 0, the SMSC's default alphabet, a septet an octet
}

func submit(acct account, to string) (*pdu.SubmitSM, error) {
	p, ok := pdu.NewSubmitSM().(*pdu.SubmitSM)
	if !ok {
		return nil, fmt.Errorf("no submit_sm")
	}
	from, err := source(acct.source)
	if err != nil {
		return nil, err
	}
	p.SourceAddr = from
	if p.DestAddr, err = pdu.NewAddressWithTonNpiAddr(tonInter, npiISDN, to); err != nil {
		return nil, err
	}
	p.RegisteredDelivery = receipts
	return p, nil
}

// source is the sender's address with what kind of number it is: SMPP 3.4, sections 5.2.5 and 5.2.6.
func source(v string) (pdu.Address, error) {
	n, digits := digitsOf(v)
	switch {
	case !digits:
		return pdu.NewAddressWithTonNpiAddr(tonAlpha, npiUnknown, v)
	case len(n) <= shortCode:
		return pdu.NewAddressWithTonNpiAddr(tonUnknown, npiISDN, n)
	}
	return pdu.NewAddressWithTonNpiAddr(tonInter, npiISDN, n)
}

func fill(p *pdu.SubmitSM, payload string, text []byte, as data.Encoding) error {
	if payload != payloadMessage {
		return p.Message.SetMessageDataWithEncoding(text, as)
	}
	if len(text) > maxPayload {
		return fmt.Errorf("%d bytes", len(text))
	}
	p.RegisterOptionalParam(pdu.Field{Tag: pdu.TagMessagePayload, Data: text})
	return p.Message.SetMessageDataWithEncoding(nil, as)
}

// number marks a part. The header takes an 8-bit reference, so that a part has room for 153 septets or 67 units.
func number(p *pdu.SubmitSM, payload string, id int64, total, n int) {
	if payload == payloadSAR {
		p.RegisterOptionalParam(pdu.Field{Tag: pdu.TagSarMsgRefNum, Data: binary.BigEndian.AppendUint16(nil, uint16(id))})
		p.RegisterOptionalParam(pdu.Field{Tag: pdu.TagSarTotalSegments, Data: []byte{byte(total)}})
		p.RegisterOptionalParam(pdu.Field{Tag: pdu.TagSarSegmentSeqnum, Data: []byte{byte(n)}})
		return
	}
	p.EsmClass |= classUDH
	p.Message.SetUDH(pdu.UDH{{ID: concat8, Data: []byte{byte(id), byte(total), byte(n)}}})
}

// refer gives a part our reference, which SMSCs that follow section 5.3.2.17 repeat in its receipt.
func refer(p *pdu.SubmitSM, ref uint16) {
	p.RegisterOptionalParam(pdu.Field{Tag: tagRef, Data: binary.BigEndian.AppendUint16(nil, ref)})
}
