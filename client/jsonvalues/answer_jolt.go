package jsonvalues

// joltLayout lays out the transaction API's answers in Jolt, which are lines, each an object with one member:
//
//	{"header": {"fields": [name, …]}}
//	{"data": [value, …]}
//	{"summary": …}
//	{"error": {"errors": …}}
//	{"info": …}
type joltLayout struct{}

func (joltLayout) part(r *Answer) error {
	if r.space() == 0 {
		return ErrShort
	}
	start, mark := r.at, len(r.out)
	err := joltLine(r)
	if err != nil {
		r.at, r.out = start, r.out[:mark]
	}
	return err
}

func joltLine(r *Answer) error {
	if err := r.byteIs('{'); err != nil {
		return err
	}
	key, err := r.name()
	if err != nil {
		return err
	}
	if err := r.byteIs(':'); err != nil {
		return err
	}
	if string(key) == "data" {
		rows := len(r.rows)
		err := r.row((*cursor).joltRow)
		if err == nil {
			err = r.byteIs('}')
		}
		if err != nil {
			r.rows = r.rows[:rows]
		}
		return err
	}
	v, err := r.value()
	if err != nil {
		return err
	}
	if err := r.byteIs('}'); err != nil {
		return err
	}
	name := string(key)
	r.Meta[name] = v
	switch name {
	case "header":
		header, _ := v.(map[string]any)
		r.setFields(header["fields"])
	case "info":
		r.Whole = true
	}
	return nil
}
