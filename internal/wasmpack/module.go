package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

const preamble = "\x00asm\x01\x00\x00\x00"

// Sections that are changed (WebAssembly core specification, 5.5.2).
const (
	sectionData      = 11
	sectionDataCount = 12
)

// splitAt is the number of zeros from which on data is cut into two segments.
const splitAt = 256

// mostMemory limits the memory image, so that a malformed module cannot ask for more.
const mostMemory = 1 << 26

type section struct {
	id      byte
	content []byte
}

// module is a WebAssembly module as its sections, which are kept as they are but for the data.
type module struct{ sections []section }

func parseModule(content []byte) (*module, error) {
	rest, ok := bytes.CutPrefix(content, []byte(preamble))
	if !ok {
		return nil, errors.New("not a WebAssembly module")
	}
	m := &module{}
	r := &reader{rest: rest}
	for len(r.rest) > 0 {
		id := r.byte()
		body := r.readN(r.number())
		if r.failed {
			return nil, errTruncated
		}
		m.sections = append(m.sections, section{id, body})
	}
	return m, nil
}

func (m *module) encode() []byte {
	b := []byte(preamble)
	for _, s := range m.sections {
		b = append(b, s.id)
		b = binary.AppendUvarint(b, uint64(len(s.content)))
		b = append(b, s.content...)
	}
	return b
}

// image is the memory as the module's data fills it at the start.
func (m *module) image() ([]byte, error) {
	var image []byte
	for _, s := range m.sections {
		if s.id != sectionData {
			continue
		}
		r := &reader{rest: s.content}
		for range r.number() {
			if r.failed {
				break
			}
			offset, data, ok := r.segment()
			if !ok {
				return nil, errors.New("a data segment is of a form that Go's linker does not write, or is cut off")
			}
			end := offset + uint64(len(data))
			if end > mostMemory {
				return nil, errors.New("the data is too large")
			}
			if grow := int(end) - len(image); grow > 0 {
				image = append(image, make([]byte, grow)...)
			}
			copy(image[offset:], data)
		}
		if r.failed || len(r.rest) > 0 {
			return nil, errTruncated
		}
	}
	return image, nil
}

// setImage replaces the data.
func (m *module) setImage(image []byte) {
	segments := cut(image)
	content := binary.AppendUvarint(nil, uint64(len(segments)))
	for _, s := range segments {
		content = append(content, 0, opI32Const)
		content = appendSigned(content, int64(s.start))
		content = append(content, opEnd)
		content = binary.AppendUvarint(content, uint64(s.end-s.start))
		content = append(content, image[s.start:s.end]...)
	}
	for i := range m.sections {
		switch m.sections[i].id {
		case sectionData:
			m.sections[i].content = content
		case sectionDataCount:
			m.sections[i].content = binary.AppendUvarint(nil, uint64(len(segments)))
		}
	}
}

type span struct{ start, end int }

// cut finds the parts of the image that must be written: memory is zero at the start.
func cut(image []byte) (segments []span) {
	for at := 0; at < len(image); {
		if image[at] == 0 {
			at++
			continue
		}
		s := span{at, at + 1}
		for at = s.end; at < len(image) && at-s.end < splitAt; at++ {
			if image[at] != 0 {
				s.end = at + 1
			}
		}
		segments = append(segments, s)
	}
	return segments
}
