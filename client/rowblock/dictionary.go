package rowblock

// The kinds of shapes.
const (
	rootMap          = 0
	rootNode         = 1
	rootRelationship = 2
	roots            = 3
)

// A dictionary that has grown beyond these limits starts again with the next block, so that results whose maps always
// have new keys do not grow it forever.
const (
	maxSteps     = 1 << 14
	maxDictBytes = 1 << 20
)

// siblingsTried is how many steps are compared before a map is asked.
const siblingsTried = 6

// noShape marks a step that no value has ended at yet.
const noShape = 1<<32 - 1

// dictionary has the strings that repeat in a result - keys, labels, relationship types, zones, prefixes of element ids
// - and shapes: the labels and the keys, in order, of nodes, relationships and maps. Shapes are paths in a tree, so a
// key is usually found by one comparison, with the key that followed the same keys the last time.
type dictionary struct {
	ids   map[string]uint32
	steps []step
	next  map[uint64]uint32 // step<<32 | string id, to step
	bytes int               // of all texts

	// The additions of the current block.
	restarted bool
	text      []byte
	ends      []uint32
	units     int
	words     []uint32 // of shapes: number of labels, number of keys, their ids
	shapes    uint32   // how many of them

	known uint32 // shapes in all
}

// maxQuick is one more than the greatest length of a key that is compared without a call.
const maxQuick = 16

// step is one label or key after those before it.
type step struct {
	text    string
	low     uint64 // the text's first 16 bytes as numbers
	high    uint64
	id      uint32
	parent  uint32
	last    uint32 // the last used child; children are linked from child on
	child   uint32
	sibling uint32
	keys    uint32 // the step at which keys begin after these labels
	labels  uint32 // how many labels and keys lead here
	depth   uint32 // labels and keys together
	shape   uint32
}

// restart empties the dictionary.
func (d *dictionary) restart() {
	*d = dictionary{ids: make(map[string]uint32), next: make(map[uint64]uint32), restarted: true,
		text: d.text[:0], ends: d.ends[:0], words: d.words[:0], steps: d.steps[:0]}
	for range roots {
		d.steps = append(d.steps, step{shape: noShape})
	}
	d.steps[rootMap].keys = rootMap
}

// flushed begins the additions of the next block.
func (d *dictionary) flushed() {
	if len(d.steps) > maxSteps || d.bytes > maxDictBytes {
		d.restart()
		return
	}
	d.restarted = false
	d.text, d.ends, d.words, d.shapes, d.units = d.text[:0], d.ends[:0], d.words[:0], 0, 0
}

// size is how many bytes the additions take.
func (d *dictionary) size() int { return len(d.text) + 4*len(d.ends) + 4*len(d.words) }

// lowMask and highMask mask the bytes of the first 16 that belong to a text of a given length.
var lowMask, highMask [maxQuick]uint64

func init() {
	for size := range lowMask {
		var text [maxQuick]byte
		for i := range size {
			text[i] = 0xFF
		}
		lowMask[size], highMask[size] = quickly(text[:])
	}
}

// quickly returns the first 16 bytes as numbers, for one comparison.
func quickly(text []byte) (low, high uint64) {
	var padded [16]byte
	copy(padded[:], text)
	return uint64LE(padded[:]), uint64LE(padded[8:])
}

// follow returns the step after a step for a label or key.
func (d *dictionary) follow(at uint32, text []byte) uint32 {
	if last := d.steps[at].last; last != 0 && d.steps[last].text == string(text) {
		return last
	}
	return d.turn(at, text)
}

// turn is follow if another child was used the last time.
func (d *dictionary) turn(at uint32, text []byte) uint32 {
	to := d.steps[at].child
	for tries := 0; to != 0 && tries < siblingsTried; tries++ {
		if d.steps[to].text == string(text) {
			d.steps[at].last = to
			return to
		}
		to = d.steps[to].sibling
	}
	id := d.id(text)
	edge := uint64(at)<<32 | uint64(id)
	to, known := d.next[edge]
	if !known {
		to = uint32(len(d.steps))
		from := &d.steps[at]
		low, high := quickly(text)
		d.steps = append(d.steps, step{text: string(text), low: low, high: high, id: id, parent: at,
			sibling: from.child, labels: from.labels,
			depth: from.depth + 1, shape: noShape})
		d.steps[at].child = to
		d.next[edge] = to
	}
	d.steps[at].last = to
	return to
}

// behindLabels returns the step at which the keys after these labels begin; steps[at].keys caches it.
func (d *dictionary) behindLabels(at uint32) uint32 {
	if keys := d.steps[at].keys; keys != 0 {
		return keys
	}
	keys := uint32(len(d.steps))
	labels := d.steps[at].depth
	d.steps = append(d.steps, step{parent: at, labels: labels, depth: labels, shape: noShape})
	d.steps[at].keys = keys
	return keys
}

// shape returns the id of the shape that ends at a step.
func (d *dictionary) shape(at uint32) uint32 {
	if id := d.steps[at].shape; id != noShape {
		return id
	}
	s := &d.steps[at]
	base := len(d.words)
	d.words = append(d.words, s.labels, s.depth-s.labels)
	d.words = append(d.words, make([]uint32, s.depth)...)
	for i := base + 1 + int(s.depth); i > base+1; {
		from := &d.steps[s.parent]
		if from.depth < s.depth { // not the seam between labels and keys
			d.words[i] = s.id
			i--
		}
		s = from
	}
	id := d.known
	d.known++
	d.shapes++
	d.steps[at].shape = id
	return id
}

// id returns the number of a string, adding it if it is new.
func (d *dictionary) id(text []byte) uint32 {
	if id, ok := d.ids[string(text)]; ok {
		return id
	}
	id := uint32(len(d.ids))
	d.ids[string(text)] = id
	d.bytes += len(text)
	var units int
	d.text, units = appendText(d.text, text)
	d.units += units
	d.ends = append(d.ends, uint32(d.units))
	return id
}
