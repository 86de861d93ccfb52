package pool

import "time"

// alarm is one timer on the pool's clock for whatever comes first of many. The pool's lock guards it.
type alarm struct {
	ring  func() // begins with at = 0
	timer *time.Timer
	at    time.Duration // when it goes off; 0: it is not set
}

// set has it go off at that time at the latest.
func (a *alarm) set(at, now time.Duration) {
	if a.at > 0 && a.at <= at {
		return
	}
	a.at = at
	if a.timer == nil {
		a.timer = time.AfterFunc(at-now, a.ring)
	} else {
		a.timer.Reset(at - now)
	}
}

func (a *alarm) stop() {
	if a.timer != nil {
		a.timer.Stop()
		a.at = 0
	}
}
