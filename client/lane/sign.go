package lane

import (
	"strconv"
	"strings"
	"time"
)

// SignParameter in the query of the WebSocket's address, with the value Version, asks the relay for signs of life: a
// page can send no pings. It goes with [Parameter]; a relay that does not know it ignores it.
const SignParameter = "signs"

const (
	// SignEvery is how often this relay gives a sign.
	SignEvery = 10 * time.Second
	// MissedSigns is how many signs in a row have to be missing before a page may take the connection for dead.
	MissedSigns = 3

	signPrefix   = "webbolt alive "
	longestSigns = time.Hour
)

// Sign is the text frame that is a relay's sign of life. It promises that while the server owes an answer, no longer
// than every passes without a frame, whatever kind it is of; the relay gives no signs on a connection whose server is
// gone, as it ends that. The first comes right after the [Greeting].
func Sign(every time.Duration) string { return signPrefix + strconv.Itoa(int(every.Seconds())) }

// ReadSign returns what a sign promises; ok is false for text that is none.
func ReadSign(text string) (every time.Duration, ok bool) {
	number, is := strings.CutPrefix(text, signPrefix)
	if !is {
		return 0, false
	}
	n, err := strconv.ParseUint(number, 10, 16)
	every = time.Duration(n) * time.Second
	return every, err == nil && every > 0 && every <= longestSigns
}
