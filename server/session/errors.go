package session

// EndKind says why a session has to end.
type EndKind uint8

// The kinds of End.
const (
	EndProtocol     EndKind = iota // the page does not speak Bolt as it should
	EndTooLarge                    // a message over the limit
	EndUnauthorized                // the page's user was not recognised
	EndServer                      // the server failed, or does not speak Bolt
	EndBusy                        // the relay has no memory left for the page's message
)

// End is an error after which a session cannot continue. The page was sent a FAILURE before, if Bolt has one.
type End struct {
	Kind  EndKind
	Text  string // for the page
	Cause error  // for the log, or nil
}

func (e *End) Error() string {
	if e.Cause == nil {
		return e.Text
	}
	return e.Text + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *End) Unwrap() error { return e.Cause }

func endProtocol(text string) error { return &End{Kind: EndProtocol, Text: text} }

// serverFailed marks an error as the server's; nil stays nil.
func serverFailed(err error) error {
	if err == nil {
		return nil
	}
	return &End{Kind: EndServer, Text: "the server failed in the handshake", Cause: err}
}
