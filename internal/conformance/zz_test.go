//go:build !js
package conformance
import ("testing";"context";"time";"github.com/webbolt/webbolt/client";"github.com/webbolt/webbolt/internal/neo4jtest")
func TestZZ(t *testing.T){
 server := neo4jtest.Need(t, neo4jtest.V5)
 for _, uri := range []string{server.BoltURI(), "ws://"+server.BoltAddr} {
 r := newRun(t, Target{Server: server, URI: uri})
 	cx := r.open(func(o *client.Options) { o.FetchSize = 100 })
	ctx, cancel := context.WithCancelCause(r.ctx)
	t0:=time.Now()
	result, err := cx.RunProg(ctx, "", "UNWIND range(1, 1000000) AS i RETURN i", nil, true)
	t.Log("run", time.Since(t0), err)
	_, err = result.Fetch(ctx)
	cancel(errLeft)
	n:=0
	for err == nil { _, err = result.Fetch(ctx); n++ }
	t.Log("cancelled", n, time.Since(t0), err)
	r.requireWorks(cx)
	t.Log("works", time.Since(t0), cx.Statistics())
 }
}
