package smpp

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"
)

// errDelivery is a deliver_sm that says other lengths than it has.
var errDelivery = errors.New("the lengths in the PDU do not fit")

// delivery is a deliver_sm or data_sm: a customer's text, a part of one, or a receipt.
type delivery struct {
	source, dest  string
	class, coding byte
	data          []byte // without the user data header
	part          part
	tlv           map[pdu.Tag][]byte
}

// part is the place in a text that came in several; a zero total is a whole one.
type part struct {
	ref      uint16
	wide     bool // a reference of 16 bits
	total, n byte
}

// parseDelivery reads a deliver_sm (SMPP 3.4, section 4.6.1) or data_sm (4.7.1).
func parseDelivery(f frame) (delivery, error) {
	r := reader{rest: f.body}
	d := delivery{}
	r.text() // service_type
	r.skip(2)
	d.source = r.text()
	r.skip(2)
	d.dest = r.text()
	d.class = r.byte()
	if f.id == data.DATA_SM {
		r.skip(1) // registered_delivery
		d.coding = r.byte()
	} else {
		r.skip(2) // protocol_id, priority_flag
		r.text()  // schedule_delivery_time
		r.text()  // validity_period
		r.skip(2) // registered_delivery, replace_if_present_flag
		d.coding = r.byte()
		r.skip(1) // sm_default_msg_id
		d.data = r.take(int(r.byte()))
	}
	d.tlv = r.parameters()
	if r.bad {
		return delivery{}, errDelivery
	}
	if payload, ok := d.tlv[pdu.TagMessagePayload]; ok && len(d.data) == 0 {
		d.data = payload
	}
	if d.class&classUDH != 0 && !d.header() {
		return delivery{}, errDelivery
	}
	d.segment()
	return d, nil
}

// header takes the user data header off the text: 3GPP TS 23.040, section 9.2.3.24. Elements that are of no use here are
// passed over.
func (d *delivery) header() bool {
	r := reader{rest: d.data}
	elements := reader{rest: r.take(int(r.byte()))}
	if r.bad {
		return false
	}
	d.data = r.rest
	for len(elements.rest) > 0 {
		id := elements.byte()
		value := elements.take(int(elements.byte()))
		switch {
		case elements.bad:
			return false
		case id == concat8 && len(value) == 3:
			d.place(part{ref: uint16(value[0]), total: value[1], n: value[2]})
		case id == 0x08 && len(value) == 4:
			d.place(part{ref: binary.BigEndian.Uint16(value), wide: true, total: value[2], n: value[3]})
		}
	}
	return true
}

// segment reads the SAR parameters: section 5.3.2.22 to 24.
func (d *delivery) segment() {
	ref, total, n := d.tlv[pdu.TagSarMsgRefNum], d.tlv[pdu.TagSarTotalSegments], d.tlv[pdu.TagSarSegmentSeqnum]
	if len(ref) == 2 && len(total) == 1 && len(n) == 1 {
		d.place(part{ref: binary.BigEndian.Uint16(ref), wide: true, total: total[0], n: n[0]})
	}
}

// place notes which part this is. One that cannot be, such as the third of two, is a text of its own: "if the octets are
// not consistent the element shall be ignored".
func (d *delivery) place(p part) {
	if p.total > 1 && p.n >= 1 && p.n <= p.total {
		d.part = p
	}
}

// reader takes fields off a PDU; what does not fit makes it bad.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) skip(n int) { r.take(n) }

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

// text is a C-Octet String.
func (r *reader) text() string {
	end := bytes.IndexByte(r.rest, 0)
	if end < 0 {
		r.bad, r.rest = true, nil
		return ""
	}
	return string(r.take(end + 1)[:end])
}

// parameters are the optional ones: section 3.2.4. Of one that comes twice the first counts.
func (r *reader) parameters() map[pdu.Tag][]byte {
	var all map[pdu.Tag][]byte
	for len(r.rest) > 0 && !r.bad {
		head := r.take(4)
		if head == nil {
			break
		}
		tag, value := pdu.Tag(binary.BigEndian.Uint16(head)), r.take(int(binary.BigEndian.Uint16(head[2:])))
		if all == nil {
			all = map[pdu.Tag][]byte{}
		}
		if _, twice := all[tag]; !twice {
			all[tag] = value
		}
	}
	return all
}
