package packstream

// BoolEntry reads a map up to the entry with the given key, and returns the boolean there; false if the map has no such
// entry.
func BoolEntry(data []byte, key string) (bool, error) {
	r := NewReader(data)
	n, err := r.MapHeader()
	for ; err == nil && n > 0; n-- {
		var name []byte
		if name, err = r.StringBytes(); err != nil {
			break
		}
		if string(name) == key {
			return r.Bool()
		}
		err = r.Skip()
	}
	return false, err
}
