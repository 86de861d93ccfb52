package values

import "github.com/webbolt/webbolt/client/packstream"

// Zoned is an encoded value that contains dates or times in named zones, in two forms: with UTC, and with clock times,
// as before Bolt 4.3 (and up to 4.4 without the patch). The side that knows the zones encodes both; the side that knows
// the dialect sends one.
type Zoned struct {
	UTC, Local packstream.Raw
}

// in returns the form for a dialect.
func (z Zoned) in(d Dialect) packstream.Raw {
	if d.UTC {
		return z.UTC
	}
	return z.Local
}
