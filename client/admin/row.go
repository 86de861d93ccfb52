package admin

import (
	"context"
	"io"
	"math"
	"slices"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/wire"
)

// row is one record; its values are looked up by name. A value that is absent, null or of another type than asked for
// counts as absent.
type row struct {
	columns []string
	values  []packstream.Raw
	used    map[string]bool // the columns that were looked up
}

func readRows(ctx context.Context, result *client.Result) ([]row, error) {
	columns, err := result.Fields(ctx)
	if err != nil {
		return nil, err
	}
	var rows []row
	for {
		batch, err := result.NextBatch(ctx)
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		for _, span := range batch.Records {
			r, err := newRow(columns, batch.Data[span.Start:span.End])
			if err != nil {
				return nil, &client.ProtocolError{Message: "the server sent a record that cannot be decoded", Err: err}
			}
			rows = append(rows, r)
		}
	}
}

func newRow(columns []string, record packstream.Raw) (row, error) {
	reader := packstream.NewReader(record)
	n, err := reader.ListHeader()
	if err != nil {
		return row{}, err
	}
	r := row{columns: columns, values: make([]packstream.Raw, n), used: map[string]bool{}}
	for i := range r.values {
		if r.values[i], err = reader.Raw(); err != nil {
			return row{}, err
		}
	}
	return r, nil
}

// value returns a reader of the first named column that exists, or of null if none exists.
func (r row) value(names ...string) packstream.Reader {
	for _, name := range names {
		if r.has(name) {
			r.used[name] = true
			return packstream.NewReader(r.values[slices.Index(r.columns, name)])
		}
	}
	return packstream.NewReader(packstream.AppendNull(nil))
}

func (r row) has(name string) bool {
	i := slices.Index(r.columns, name)
	return i >= 0 && i < len(r.values)
}

func (r row) text(names ...string) string {
	reader := r.value(names...)
	text, err := reader.String()
	if err != nil {
		return ""
	}
	return text
}

func (r row) flag(name string) bool {
	reader := r.value(name)
	flag, err := reader.Bool()
	return flag && err == nil
}

func (r row) integer(names ...string) *int64 {
	reader := r.value(names...)
	n, err := reader.Int()
	if err != nil {
		return nil
	}
	return &n
}

// since reads a point in time as ISO 8601 with any number of fraction digits; it is the zero Time if there is none.
func (r row) since(names ...string) time.Time {
	text := r.text(names...)
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// duration reads name as a DURATION, or the column nameMillis as milliseconds.
func (r row) duration(name string) *time.Duration {
	reader := r.value(name, name+"Millis")
	var d time.Duration
	var ok bool
	switch reader.Kind() {
	case packstream.KindInt:
		millis, _ := reader.Int()
		d, ok = span(millis/1000, millis%1000*int64(time.Millisecond))
	case packstream.KindStruct:
		d, ok = readDuration(&reader)
	}
	if !ok {
		return nil
	}
	return &d
}

// Lengths of a day and of a mean month (a twelfth of 365.2425 days) in seconds.
const (
	secondsOfDay   = 86_400
	secondsOfMonth = 2_629_746
)

// readDuration reads a Bolt Duration structure: months, days, seconds, nanoseconds.
func readDuration(reader *packstream.Reader) (time.Duration, bool) {
	const fields = 4
	if found, n, err := reader.StructHeader(); err != nil || found != wire.StructDuration || n != fields {
		return 0, false
	}
	var part [fields]int64
	for i := range part {
		var err error
		if part[i], err = reader.Int(); err != nil {
			return 0, false
		}
	}
	const maximum = math.MaxInt64 / secondsOfMonth / 4
	if max(part[0], part[1]) > maximum || min(part[0], part[1]) < -maximum {
		return 0, false
	}
	days := part[0]*secondsOfMonth + part[1]*secondsOfDay
	if sum := days + part[2]; (sum > days) == (part[2] > 0) || part[2] == 0 {
		return span(sum, part[3])
	}
	return 0, false
}

// span makes a Duration; false if it is too long for one.
func span(seconds, nanoseconds int64) (time.Duration, bool) {
	const limit = math.MaxInt64/int64(time.Second) - 1
	if seconds > limit || seconds < -limit || nanoseconds >= int64(time.Second) || nanoseconds <= -int64(time.Second) {
		return 0, false
	}
	return time.Duration(seconds)*time.Second + time.Duration(nanoseconds), true
}

// any returns a value of any type; nil if it cannot be decoded.
func (r row) any(names ...string) any {
	reader := r.value(names...)
	value, err := readAny(&reader)
	if err != nil {
		return nil
	}
	return value
}

func (r row) dictionary(name string) map[string]any {
	m, _ := r.any(name).(map[string]any)
	return m
}

func (r row) list(name string) []any {
	list, _ := r.any(name).([]any)
	return list
}

func (r row) texts(name string) []string {
	var texts []string
	for _, value := range r.list(name) {
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// others returns the columns that were not looked up and are not null, or nil if there are none.
func (r row) others() map[string]any {
	var others map[string]any
	for _, column := range r.columns {
		if r.used[column] {
			continue
		}
		if value := r.any(column); value != nil {
			if others == nil {
				others = map[string]any{}
			}
			others[column] = value
		}
	}
	return others
}
