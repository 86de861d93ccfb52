package jsonvalues

// queryLayout lays out the Query API's answers:
//
//	{"data": {"fields": [name, …], "values": [[value, …], …]}, "counters": …, "errors": …, …}
type queryLayout struct {
	state     queryState
	key       string
	separator separator
}

type queryState int

const (
	beforeAnswer queryState = iota
	inAnswer                // between the members of the outermost object
	atMember                // before the value of one
	inData                  // between the members of data
	atDataMember            // before the value of one
	inRows                  // between rows
)

// separator is what was read last in an object or list: its opening, an element, or a comma.
type separator int

const (
	afterOpening separator = iota
	afterElement
	afterComma
)

// element moves to the next element of the open object or list, and reports whether there is one. It remembers that a
// comma was read, so that it can be called again if the input ended after the comma.
func (q *queryLayout) element(r *Answer, end byte) (bool, error) {
	b := r.space()
	if b == ',' && q.separator == afterElement {
		r.at++
		q.separator = afterComma
		b = r.space()
	}
	switch {
	case b == 0:
		return false, ErrShort
	case b == end && q.separator != afterComma:
		r.at++
		q.separator = afterElement
		return false, nil
	case q.separator == afterElement:
		return false, r.wrong("a comma")
	}
	return true, nil
}

func (q *queryLayout) part(r *Answer) error {
	switch q.state {
	case beforeAnswer:
		if err := r.byteIs('{'); err != nil {
			return err
		}
		q.state, q.separator = inAnswer, afterOpening
		return nil
	case inAnswer:
		more, err := q.element(r, '}')
		if err != nil {
			return err
		}
		if !more {
			r.Whole = true
			return nil
		}
		return q.member(r, atMember)
	case atMember:
		return q.memberValue(r)
	case inData:
		more, err := q.element(r, '}')
		if err != nil {
			return err
		}
		if !more {
			q.state = inAnswer
			return nil
		}
		return q.member(r, atDataMember)
	case atDataMember:
		return q.dataValue(r)
	}
	return q.readRows(r)
}

// member reads a member's name and colon.
func (q *queryLayout) member(r *Answer, next queryState) error {
	start := r.at
	key, err := r.name()
	if err == nil {
		err = r.byteIs(':')
	}
	if err != nil {
		r.at = start
		return err
	}
	q.key, q.state = string(key), next
	return nil
}

func (q *queryLayout) memberValue(r *Answer) error {
	if q.key == "data" && r.space() == '{' {
		r.at++
		q.state, q.separator = inData, afterOpening
		return nil
	}
	start := r.at
	v, err := r.value()
	if err != nil {
		r.at = start
		return err
	}
	r.Meta[q.key] = v
	q.state, q.separator = inAnswer, afterElement
	return nil
}

func (q *queryLayout) dataValue(r *Answer) error {
	if q.key == "values" {
		if err := r.byteIs('['); err != nil {
			return err
		}
		q.state, q.separator = inRows, afterOpening
		return nil
	}
	start := r.at
	v, err := r.value()
	if err != nil {
		r.at = start
		return err
	}
	if q.key == "fields" {
		r.setFields(v)
	}
	q.state, q.separator = inData, afterElement
	return nil
}

// readRows reads the rows that have arrived, up to the end of all rows.
func (q *queryLayout) readRows(r *Answer) error {
	for {
		more, err := q.element(r, ']')
		if err != nil {
			return err
		}
		if !more {
			q.state = inData
			return nil
		}
		start, mark := r.at, len(r.out)
		if err := r.row((*cursor).typedRow); err != nil {
			r.at, r.out = start, r.out[:mark]
			return err
		}
		q.separator = afterElement
	}
}
