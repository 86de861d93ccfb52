package values

import "github.com/webbolt/webbolt/client/packstream"

// Zoned is an encoded value with dates or times in named zones inside, in two forms: as UTC, and with clock times, as
// it was before Bolt 4.3 (and up to 4.4 without the patch). Who knows the zones encodes both, and who knows the dialect
// sends one.
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
