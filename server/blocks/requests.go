package blocks

import (
	"errors"
	"sync"
)

// maxRequests bounds the requests of a page that wait for their answers.
const maxRequests = 2000

var errTooManyRequests = errors.New("the page has too many requests without an answer")

// kind is the effect of a request on the results that have blocks.
type kind uint8

const (
	kindOther   kind = iota
	kindPull         // asks for row blocks
	kindDiscard      // ends a result that had blocks
	kindClear        // ends all results
)

// request is a message of the page; each has one answer.
type request struct {
	kind   kind
	result int64
}

// requests are the requests without an answer, in order of arrival.
type requests struct {
	mu    sync.Mutex
	queue []request
}

func (r *requests) push(q request) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) >= maxRequests {
		return errTooManyRequests
	}
	r.queue = append(r.queue, q)
	return nil
}

// waiting reports whether an answer is due.
func (r *requests) waiting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.queue) > 0
}

func (r *requests) first() (q request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) > 0 {
		q = r.queue[0]
	}
	return q
}

func (r *requests) pop() (q request, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) == 0 {
		return q, false
	}
	q = r.queue[0]
	if r.queue = r.queue[1:]; len(r.queue) == 0 {
		r.queue = nil
	}
	return q, true
}
