package smpp

import (
	"fmt"
	"time"

	"github.com/linxGnu/gosmpp/data"

	"huiyin/channels"
)

// refusal is what becomes of a text that the SMSC has refused: SMPP 3.4, section 5.1.3. taken counts its parts that were
// not. A refused text was not taken, so what may pass is tried again.
func refusal(status data.CommandStatusType, taken int) *channels.SendError {
	e := &channels.SendError{Taken: taken, Err: fmt.Errorf("command_status 0x%08X", uint32(status))}
	switch status {
	case data.ESME_RINVSRCADR, data.ESME_RINVSRCTON, data.ESME_RINVSRCNPI:
		e.Reason = "the carrier does not allow the inbox's sender"
	case data.ESME_RINVDSTADR, data.ESME_RINVDSTTON, data.ESME_RINVDSTNPI:
		e.Reason = "the carrier says that this is no number for texts"
	case data.ESME_RINVMSGLEN:
		e.Reason = "the carrier finds the text too long"
	case data.ESME_RINVESMCLASS, data.ESME_RINVCMDID, data.ESME_RINVCMDLEN, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4:
		e.Reason = "the carrier does not take texts in this form; choose another one for long texts in the inbox's settings"
	case data.ESME_RPROVNOTALLWD:
		e.Reason = "the carrier does not let this account send"
	case data.ESME_RX_R_APPN, data.ESME_RX_P_APPN:
		e.Reason = "the carrier rejects the text"
	case data.ESME_RINVBNDSTS, data.ESME_RSYSERR, data.ESME_RX_T_APPN, 0xFF:
		e.Reason, e.Retry = "the carrier has a fault of its own", true
	case data.ESME_RSUBMITFAIL, 0xFE:
		e.Reason, e.Retry, e.After = "the carrier could not take the text", true, 30*time.Second
	default:
		e.Reason = fmt.Sprintf("the carrier refuses the text (status 0x%X)", uint32(status))
	}
	return e
}

// tooFast tells whether the SMSC wants us to wait.
func tooFast(status data.CommandStatusType) bool {
	return status == data.ESME_RTHROTTLED || status == data.ESME_RMSGQFUL
}
