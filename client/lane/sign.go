package lane

import (
	"strconv"
	"strings"
	"time"
)

// SignParameter in the query of the WebSocket's address, with the value Version, asks the relay for signs of life: a
// page can send no pings. It is used with [Parameter]; a relay that does not know it ignores it.
const SignParameter = "signs"

const (
	// SignEvery is the interval of this relay's signs.
	SignEvery = 10 * time.Second
	// MissedSigns is how many signs in a row must be missing before a page may treat the connection as dead.
	MissedSigns = 3

	signPrefix   = "webbolt alive "
	longestSigns = time.Hour
)

// Sign is the text frame of a relay's sign of life. It promises a frame of any kind at least once in every while the
// server owes an answer. The relay sends no signs for a server that is gone: it ends the connection. The first sign
// comes right after the [Greeting].
func Sign(every time.Duration) string { return signPrefix + strconv.Itoa(int(every.Seconds())) }

// ReadSign returns what a sign promises; ok is false for other text.
func ReadSign(text string) (every time.Duration, ok bool) {
	number, is := strings.CutPrefix(text, signPrefix)
	if !is {
		return 0, false
	}
	n, err := strconv.ParseUint(number, 10, 16)
	every = time.Duration(n) * time.Second
	return every, err == nil && every > 0 && every <= longestSigns
}
