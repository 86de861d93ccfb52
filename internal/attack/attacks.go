//go:build linux

package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

// attack is one way of an attacker. run does it until its context ends, from the addresses of its network, and closes
// what it opened.
type attack struct {
	name    string
	network int // its addresses are 127.0.network.1 and following
	run     func(context.Context, *target)
}

var attacks = []attack{
	{"silent sockets", 101, silentSockets},
	{"half a header", 102, halfHeaders},
	{"bodies that never come", 103, bodiless},
	{"dripping headers", 104, drippingHeaders},
	{"silent from everywhere", 105, silentFromEverywhere},
	{"WebSockets without Bolt", 106, silentWebSockets},
	{"idle after a request", 107, idleSockets},
	{"empty statements", 111, bodyOf(`{"statements":[{}`, `,{}`, `]}`, "/http/db/neo4j/tx/commit")},
	{"many members", 112, bodyOf(`{"statement":"RETURN 1"`, `,"x":1`, `}`, "/http/db/neo4j/query/v2")},
	{"deep bodies", 113, bodyOf(`{"statement":"RETURN 1","parameters":`, `[[[[[[[[`, ``, "/http/db/neo4j/query/v2")},
	{"dripping bodies", 114, drippingBodies},
	{"unfinished messages", 121, unfinishedMessages},
	{"many entries", 122, manyEntries},
	{"nested values", 123, nestedValues},
	{"garbage frames", 124, garbageFrames},
	{"floods of pings", 125, pings},
	{"texts", 131, texts},
	{"links", 132, links},
}

// beyond are attacks under which Neo4j itself fails, with any relay in front of it: four connections that do not read
// their results stop Neo4j 5.26 on a machine with two processors. They run if -only names them.
var beyond = []attack{{"results not taken", 126, resultsNotTaken}}

// chosen are the attacks whose names hold the text.
func chosen(text string) []attack {
	if text == "" {
		return attacks
	}
	return slices.DeleteFunc(append(slices.Clone(attacks), beyond...),
		func(a attack) bool { return !strings.Contains(a.name, text) })
}

// target is the relay as one attack sees it.
type target struct {
	relay  *relay
	report *report
	attack attack
}

func (t *target) as(a attack) *target { return &target{t.relay, t.report, a} }

// from is one of the attack's addresses.
func (t *target) from(i int) string { return fmt.Sprintf("127.0.%d.%d", t.attack.network, 1+i%250) }

// attempt counts an attempt, and paces the attack: it reports false at the end of the attack.
func (t *target) attempt(ctx context.Context, pause time.Duration) bool {
	t.report.attempt(t.attack.name)
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}

// hold opens connections, one after the other, and keeps count of them open.
func (t *target) hold(ctx context.Context, count int, pause time.Duration, open func(i int) net.Conn) {
	held := make([]net.Conn, count)
	defer func() {
		for _, conn := range held {
			if conn != nil {
				_ = conn.Close()
			}
		}
	}()
	for i := 0; t.attempt(ctx, pause); i++ {
		if old := held[i%count]; old != nil {
			_ = old.Close()
		}
		held[i%count] = open(i)
	}
}

// raw opens a socket and sends a text.
func (t *target) raw(from, text string) net.Conn {
	conn, err := dialer(from).Dial("tcp", t.relay.address)
	if err != nil {
		return nil
	}
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = conn.Write([]byte(text))
	return conn
}
