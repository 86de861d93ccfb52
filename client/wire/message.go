package wire

// Tags of messages (Bolt, "Message specification").
const (
	MessageHello     byte = 0x01
	MessageGoodbye   byte = 0x02
	MessageReset     byte = 0x0F
	MessageRun       byte = 0x10
	MessageBegin     byte = 0x11
	MessageCommit    byte = 0x12
	MessageRollback  byte = 0x13
	MessageDiscard   byte = 0x2F
	MessagePull      byte = 0x3F
	MessageTelemetry byte = 0x54
	MessageRoute     byte = 0x66
	MessageLogon     byte = 0x6A
	MessageLogoff    byte = 0x6B

	MessageSuccess byte = 0x70
	MessageRecord  byte = 0x71
	MessageIgnored byte = 0x7E
	MessageFailure byte = 0x7F
)

// MessageName returns the name of a message in capitals, such as "RUN", or "" for an unknown tag.
func MessageName(tag byte) string {
	switch tag {
	case MessageHello:
		return "HELLO"
	case MessageGoodbye:
		return "GOODBYE"
	case MessageReset:
		return "RESET"
	case MessageRun:
		return "RUN"
	case MessageBegin:
		return "BEGIN"
	case MessageCommit:
		return "COMMIT"
	case MessageRollback:
		return "ROLLBACK"
	case MessageDiscard:
		return "DISCARD"
	case MessagePull:
		return "PULL"
	case MessageTelemetry:
		return "TELEMETRY"
	case MessageRoute:
		return "ROUTE"
	case MessageLogon:
		return "LOGON"
	case MessageLogoff:
		return "LOGOFF"
	case MessageSuccess:
		return "SUCCESS"
	case MessageRecord:
		return "RECORD"
	case MessageIgnored:
		return "IGNORED"
	case MessageFailure:
		return "FAILURE"
	}
	return ""
}
