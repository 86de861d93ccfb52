package pool

import "time"

// alarm is one timer on the pool's clock for the earliest of many events. The pool's lock guards it.
type alarm struct {
	ring  func() // sets at to 0 first
	timer *time.Timer
	at    time.Duration // when it rings; 0: it is not set
}

// set makes it ring at that time or earlier.
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
