package session

import "sync"

// request is a request that waits for its answer.
type request struct {
	forwarded bool     // the server answers it
	tag       byte     // of the message, if forwarded
	ignored   bool     // answer IGNORED
	refusal   *Refusal // answer FAILURE
	end       error    // end the session with this error after the answer

	mustSucceed bool // the session ends if the server does not answer with SUCCESS
}

// requests are the requests without an answer, in order of arrival.
type requests struct {
	mu        sync.Mutex
	changed   *sync.Cond
	queue     []request
	abandoned bool
}

// push adds a request; it waits for room. It reports false if the session has ended.
func (r *requests) push(q request) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) >= pipelineLimit && !r.abandoned {
		r.changed.Wait()
	}
	r.queue = append(r.queue, q)
	return !r.abandoned
}

// awaitNone waits until all are answered. It reports false when the session has ended.
func (r *requests) awaitNone() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) > 0 && !r.abandoned {
		r.changed.Wait()
	}
	return !r.abandoned
}

// popForwarded takes the first request if the server answers it.
func (r *requests) popForwarded() (request, bool) { return r.pop(true) }

// popLocal takes the first request if the relay answers it.
func (r *requests) popLocal() (request, bool) { return r.pop(false) }

func (r *requests) pop(forwarded bool) (request, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) == 0 || r.queue[0].forwarded != forwarded {
		return request{}, false
	}
	first := r.queue[0]
	if r.queue = r.queue[1:]; len(r.queue) == 0 {
		r.queue = nil
	}
	r.changed.Signal()
	return first, true
}

// any reports whether there is one.
func (r *requests) any() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.queue) > 0
}

// localIsFirst reports whether it is the relay's turn to answer.
func (r *requests) localIsFirst() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.queue) > 0 && !r.queue[0].forwarded
}

func (r *requests) abandon() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.abandoned = true
	r.changed.Broadcast()
}
