//go:build linux

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"time"
)

// forbidden are texts that a session with read access to one database must not run.
var forbidden = []string{
	"CREATE (:" + mark + ")", "MERGE (:" + mark + ")", "EXPLAIN USE system SHOW USERS", "USE system SHOW USERS",
	"CYPHER 5USE system SHOW USERS",
	"CYPHER 25USE system SHOW USERS", "CYPHER 5 USE system SHOW USERS", "/* */USE system SHOW USERS",
	"USE`system` SHOW USERS", "uSe system SHOW USERS",
	"CALL { USE system SHOW USERS YIELD user RETURN user } RETURN user",
	"WITH 1 AS a CALL { WITH a CREATE (:" + mark + ") } IN TRANSACTIONS RETURN a",
	"CALL (*) { CREATE (:" + mark + ") } IN TRANSACTIONS", "\\u0055SE system SHOW USERS",
	"CYPHER\u00a05USE system SHOW USERS",
	"LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", "LOAD CSV FROM 'http://127.0.0.1/' AS line RETURN line",
	"CREATE DATABASE x", "CREATE USER x SET PASSWORD 'xxxxxxxx'", "CALL dbms.security.listUsers()",
	"TERMINATE TRANSACTION 'neo4j-transaction-1'",
}

// texts tries to get queries past the rules.
func texts(ctx context.Context, t *target) {
	var b *bolt
	defer func() {
		if b != nil {
			b.close()
		}
	}()
	for i := 0; t.attempt(ctx, 20*time.Millisecond); i++ {
		if b == nil {
			if b = t.session(0); b == nil {
				continue
			}
		}
		text := forbidden[i%len(forbidden)]
		ok, err := b.query(text, dict{}, dict{"mode": "w"})
		if ok {
			t.report.breach("the query " + text)
		}
		if err != nil {
			b.close()
			b = nil
		}
	}
}

// tried are paths and what must not be answered to them.
var tried = []string{
	"/bolt/169.254.169.254:80", "/bolt/127.0.0.1:22", "/bolt/[::1]:22", "/bolt/localhost:7687", "/bolt/0x7f000001:7687",
	"/bolt/2130706433:7687", "/bolt/../admin",
	"/bolt/" + strings.Repeat("a", 20_000) + ":7687", "/http/../metrics", "/http/db/neo4j/tx/../../../browser/",
	"/http/db/neo4j%2f..%2fsystem/tx/commit", "/http/db/system/tx/commit",
	"/http/db/%6eeo4j/cluster", "/../../../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
	"/metrics", "/?query=CREATE%20()&auto=1",
}

// links asks for what is not for the public, with origins that are not allowed.
func links(ctx context.Context, t *target) {
	for i := 0; t.attempt(ctx, 10*time.Millisecond); i++ {
		path, origin := tried[i%len(tried)], ""
		if i%2 == 1 {
			origin = "Origin: https://" + strings.Repeat("evil", 1+i%2000) + ".example\r\n"
		}
		upgrade := ""
		if strings.HasPrefix(path, "/bolt/") {
			upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " +
				"AAAAAAAAAAAAAAAAAAAAAA==\r\n"
		}
		conn := t.raw(t.from(0), "GET "+path+" HTTP/1.1\r\nHost: x\r\n"+origin+upgrade+"\r\n")
		if conn == nil {
			continue
		}
		_ = conn.SetReadDeadline(time.Now().Add(2 * time.Second))
		in := bufio.NewReader(conn)
		response, err := http.ReadResponse(in, nil)
		switch {
		case err != nil:
		case response.StatusCode == http.StatusSwitchingProtocols: // the reason is in a close frame, opcode 8
			if first, err := in.ReadByte(); err == nil && first != 0x88 {
				t.report.breach("the target " + path)
			}
		case response.StatusCode < 300:
			text, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
			t.report.breach("the path " + path + ": " + string(text))
		}
		_ = conn.Close()
	}
}
