package values

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// offsetZone is the name of zones that are only an offset, as in neo4j-go-driver.
const offsetZone = "Offset"

const (
	secondsPerDay  = 24 * 60 * 60
	quarterHour    = 15 * 60
	largestOffset  = 18 * 60 * 60 // Neo4j's
	zonesKept      = 1024         // the time zone database has some 600 names
	largestSeconds = 1 << 55      // 1.1 billion years; Neo4j's own limit is 1 billion years
)

// fixedZones holds the zones for offsets of whole quarters of an hour; nearly all offsets are.
var fixedZones [2*largestOffset/quarterHour + 1]atomic.Pointer[time.Location]

func fixedZone(offset int) *time.Location {
	if offset%quarterHour != 0 {
		return time.FixedZone(offsetZone, offset)
	}
	kept := &fixedZones[(offset+largestOffset)/quarterHour]
	if zone := kept.Load(); zone != nil {
		return zone
	}
	kept.CompareAndSwap(nil, time.FixedZone(offsetZone, offset))
	return kept.Load()
}

var errZoneName = errors.New("not a name of the time zone database")

// zones caches the results of time.LoadLocation, which reads and parses a file each time.
var zones = struct {
	sync.RWMutex
	byName map[string]loadedZone
}{byName: map[string]loadedZone{}}

type loadedZone struct {
	location *time.Location
	err      error
}

// namedZone returns the zone of a name of the time zone database.
func namedZone(name string) (*time.Location, error) {
	zones.RLock()
	zone, known := zones.byName[name]
	zones.RUnlock()
	if known {
		return zone.location, zone.err
	}
	if name == "" || name == "Local" { // these mean something for time.LoadLocation, but not for servers
		return nil, errZoneName
	}
	zone.location, zone.err = time.LoadLocation(name)
	zones.Lock()
	defer zones.Unlock()
	if len(zones.byName) < zonesKept {
		zones.byName[strings.Clone(name)] = zone
	}
	return zone.location, zone.err
}

// sentName returns the name with which t's zone can be sent, if there is one.
func sentName(t time.Time) (string, bool) {
	name := t.Location().String()
	if name == offsetZone || name == "" || name == "Local" {
		return "", false
	}
	zone, err := namedZone(name)
	if err != nil {
		return name, strings.Contains(name, "/") // on a machine without the database, the zone may come from elsewhere
	}
	_, offset := t.Zone()
	_, there := t.In(zone).Zone()
	return name, offset == there // a fixed zone may have a name with another meaning
}

// instant is the second at which a clock in the zone shows what a clock in UTC shows this many seconds after 1970. If
// there are two, at the end of summer time, it is the first. If there is none, at the beginning of summer time, it is
// what a clock would show that had not been put forward. Neo4j does the same (java.time.ZonedDateTime.ofLocal).
func instant(seconds int64, zone *time.Location) int64 {
	offset := func(at int64) int64 {
		_, o := time.Unix(at, 0).In(zone).Zone()
		return int64(o)
	}
	before := seconds - offset(seconds-secondsPerDay)
	then := offset(before)
	if seconds-then == before {
		return before
	}
	if after := seconds - then; seconds-offset(after) == after {
		return after
	}
	return before
}

// onClock is that instant as a time in the zone.
func onClock(seconds, nanos int64, zone *time.Location) time.Time {
	return time.Unix(instant(seconds, zone), nanos).In(zone)
}
