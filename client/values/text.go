package values

import "github.com/webbolt/webbolt/client/packstream"

// Texts are substrings of copied parts of the data, "windows", so that a record with many short texts needs one
// allocation for all of them. A window's size limits how much memory one kept text keeps alive; a longer text has a
// window of its own.
const (
	smallWindow = 256  // the first, where a single value is read; each next is twice as long
	largeWindow = 4096 // the first where a list is read, which is mostly all of the data
)

// string reads a text; invalid UTF-8 is replaced, see packstream.Text.
func (h *hydrator) string() (string, error) {
	b, err := h.StringBytes()
	if err != nil || len(b) == 0 {
		return "", err
	}
	if h.shared && len(b) >= packstream.SharedText {
		return packstream.View(b), nil
	}
	end := h.Offset() - h.textAt
	if end > len(h.text) {
		end = h.nextWindow(len(b))
	}
	return packstream.Text(h.text[end-len(b) : end]), nil
}

// nextWindow copies data from the start of the text of n bytes that was just read, and returns the end of the text in
// the copy.
func (h *hydrator) nextWindow(n int) int {
	h.textAt = h.Offset() - n
	rest := h.Data()[h.textAt:]
	h.text = string(rest[:min(len(rest), max(n, h.window))])
	h.window = min(2*h.window, largeWindow)
	return n
}
