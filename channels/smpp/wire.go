package smpp

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/linxGnu/gosmpp/data"
	"github.com/linxGnu/gosmpp/pdu"
)

// What comes in is read here and not by gosmpp, whose session ends with the first PDU it cannot read, answers before
// anything is durable, and forgets codings it does not know. What goes out it writes.

const (
	headerSize = 16
	maxFrame   = 70_000 // a message_payload of 64 KiB and all fields around it
)

// frame is a PDU as it came: SMPP 3.4, section 3.2.
type frame struct {
	id     data.CommandIDType
	status data.CommandStatusType
	seq    int32
	body   []byte
}

// errFrame is a length that no PDU can have. Where the next one begins is not known after it.
type errFrame uint32

func (e errFrame) Error() string { return fmt.Sprintf("a PDU of %d bytes", uint32(e)) }

// readFrame reads one PDU. The body's memory grows only as bytes come.
func readFrame(r io.Reader) (frame, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	length := binary.BigEndian.Uint32(head[0:])
	if length < headerSize || length > maxFrame {
		return frame{}, errFrame(length)
	}
	f := frame{id: data.CommandIDType(binary.BigEndian.Uint32(head[4:])), status: data.CommandStatusType(binary.BigEndian.Uint32(head[8:])),
		seq: int32(binary.BigEndian.Uint32(head[12:])), body: make([]byte, length-headerSize)}
	_, err := io.ReadFull(r, f.body)
	return f, err
}

// response tells whether a PDU answers one of ours.
func (f frame) response() bool { return uint32(f.id)&0x8000_0000 != 0 }

// messageID is the id in a submit_sm_resp; SMSCs leave it out when they refuse, and some when they do not.
func (f frame) messageID() string {
	for i, c := range f.body {
		if c == 0 {
			return string(f.body[:i])
		}
	}
	return string(f.body)
}

func marshal(p pdu.PDU) []byte {
	b := pdu.NewBuffer(nil)
	p.Marshal(b)
	return b.Bytes()
}

// answer is the response to a request. The body of a deliver_sm_resp is an unused message id.
func answer(f frame, status data.CommandStatusType) []byte {
	id := uint32(f.id) | 0x8000_0000
	var body []byte
	switch f.id {
	case data.DELIVER_SM, data.DATA_SM:
		body = []byte{0}
	case data.ENQUIRE_LINK, data.UNBIND:
	default:
		id = 0x8000_0000 // generic_nack
	}
	out := make([]byte, headerSize, headerSize+len(body))
	binary.BigEndian.PutUint32(out[0:], uint32(headerSize+len(body)))
	binary.BigEndian.PutUint32(out[4:], id)
	binary.BigEndian.PutUint32(out[8:], uint32(status))
	binary.BigEndian.PutUint32(out[12:], uint32(f.seq))
	return append(out, body...)
}
