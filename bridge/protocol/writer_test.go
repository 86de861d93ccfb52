package protocol

import (
	"encoding/json"
	"math"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestMessages(t *testing.T) {
	at := time.Date(2001, 2, 3, 4, 5, 6, 7e6, time.UTC)
	for name, c := range map[string]struct {
		value any
		text  string
	}{
		"null":              {nil, `null`},
		"a type of its own": {struct{}{}, `null`},
		"booleans":          {[]any{true, false}, `[true,false]`},
		"integers": {[]any{0, int64(-1), int64(1<<53 - 1), int64(-1<<53 + 1)},
			`[0,-1,9007199254740991,-9007199254740991]`},
		"floats":          {[]any{1.5, 1e300, -0.25, 3.0}, `[1.5,1e+300,-0.25,3]`},
		"text":            {"a\"b\\c\n\x00\u2028 é😀", `"a\"b\\c\u000a\u0000` + "\u2028 é😀" + `"`},
		"texts":           {[]string{"a", ""}, `["a",""]`},
		"nothing in them": {[]any{[]string(nil), []any(nil), map[string]any(nil)}, `[[],[],{}]`},
		"a time span":     {1500 * time.Microsecond, `1.5`},
		"no time":         {time.Time{}, `null`},
		"a time":          {at, `!{"$date":981173106007}`},
		"a large integer": {int64(math.MinInt64), `!{"$int":"-9223372036854775808"}`},
		"bytes":           {[]byte{0, 1, 2}, `!{"$bytes":"AAEC"}`},
		"not finite": {[]any{math.NaN(), math.Inf(1), math.Inf(-1)},
			`![{"$float":"NaN"},{"$float":"Infinity"},{"$float":"-Infinity"}]`},
		"a key with $": {map[string]any{"$int": "1"}, `!{"$$int":"1"}`},
	} {
		t.Run(name, func(t *testing.T) {
			var w Writer
			want := `{"ask":1,"callback":2,"value":` + c.text + `}`
			if c.text[0] == '!' {
				want = `!{"ask":1,"callback":2,"value":` + c.text[1:] + `}`
			}
			require.Equal(t, want, written(&w, &c.value))
			plain := any("x")
			require.Equal(t, `{"ask":1,"callback":2,"value":"x"}`, written(&w, &plain),
				"the next message does not depend on the last")
		})
	}
}

// written is a message with a value in it.
func written(w *Writer, value *any) string {
	return string(w.Ask(&Ask{Ask: 1, Callback: 2, Value: Value{form{kind: kindAny}, unsafe.Pointer(value)}}))
}

func TestWriteMessages(t *testing.T) {
	locks, elapsed := int64(1<<53), 1500*time.Microsecond
	profile := client.Profile{Scheme: "bolt", Host: "db", Port: 7687, User: "u", Password: "sesame"}
	plan := &client.Plan{Operator: "a", DBHits: 1, Children: []*client.Plan{{Operator: "b", Rows: 2}}}
	tx := &DescribedTransaction{GraphName: "g", TxID: "1"}
	for name, c := range map[string]struct {
		value Value
		text  string
	}{
		"nothing":  {MethodConnectionReset.Value(nil), `{"id":1}`},
		"a text":   {MethodConnectionCommit.Value(ptr("b")), `{"id":1,"value":"b"}`},
		"texts":    {MethodConnectorGraphNames.Value(&[]string{"a", "b"}), `{"id":1,"value":["a","b"]}`},
		"no texts": {MethodConnectorGraphNames.Value(new([]string)), `{"id":1,"value":[]}`},
		"a profile": {MethodConnectorInUse.Value(&[]PoolInUse{{profile, 2}}),
			`{"id":1,"value":[{"profile":{"uri":"bolt://db:7687","user":"u","database":""},"inUse":2}]}`},
		"settings": {MethodConnectionGetConfig.Value(&map[string]client.ConfigSetting{"$x": {Name: "$x",
			Value: int64(1)}}), `!{"id":1,"value":{"$$x":{"name":"$x","description":"","value":1,"dynamic":false}}}`},
		"a cluster": {MethodConnectionGetClusterOverview.Value(&[]client.ClusterMember{{ID: "1",
			Databases: map[string]string{"d": "leader"}}}),
			`{"id":1,"value":[{"id":"1","addresses":[],"databases":{"d":"leader"},"groups":[],"other":{}}]}`},
		"a route": {MethodConnectionRoute.Value(&client.Route{Readers: []string{"r"}, TTL: time.Minute}),
			`{"id":1,"value":{"database":"","routers":[],"readers":["r"],"writers":[],"ttl":60}}`},
		"a record": {MethodConnectionGetTransactions.Value(&[]client.TransactionRecord{{TxID: "t",
			ServerProfile: profile, Stats: client.Stats{ActiveLockCount: &locks, ElapsedTime: &elapsed}}}),
			`!{"id":1,"value":[{"txid":"t","since":null,"cxid":"","clientAddress":"","serverProfile":{"scheme":"bolt","user":"u","host":"db","port":7687},"metadata":{},"database":"","currentQid":"","currentQuery":"","status":"","stats":{"activeLockCount":{"$int":"9007199254740992"},"elapsedTime":1.5,"cpuTime":null,"waitTime":null,"idleTime":null,"pageHits":null,"pageFaults":null,"allocatedBytes":null,"other":{}}}]}`},
		"a pool": {MethodPoolOpen.Value(&DescribedPool{State: PoolState{Pool: 1}, MaxAge: -time.Millisecond}),
			`{"id":1,"value":{"pool":1,"size":0,"inUse":0,"maxSize":0,"profile":{"uri":"://:0","user":"","database":""},"userAgent":"","maxAge":-1}}`},
	} {
		require.Equal(t, c.text, string(new(Writer).Answer(&Answer{ID: 1, Value: c.value})), name)
	}
	summary := &client.Summary{Plan: plan, Profile: plan, AvailableAfter: -1, ConsumedAfter: time.Second,
		ServerAddress: "db:1", Protocol: client.Version{Major: 5}}
	end := string(new(Writer).ResultEvent(&ResultEvent{Result: 3, Fields: []string{},
		End: &End{Summary: summary, Transaction: tx}}))
	require.Contains(t, end, `{"result":3,"fields":[],"end":{"summary":{"plan":{"operator":"a","identifiers":[],"arguments":{},"children":[{"operator":"b","identifiers":[],"arguments":{},"children":[]}]}`)
	require.Contains(t, end, `"profile":{"operator":"a","identifiers":[],"arguments":{},"children":[{"operator":"b",`)
	require.Contains(t, end, `"children":[],"dbHits":0,"rows":2,"pageCacheHits":0,"pageCacheMisses":0,"pageCacheHitRatio":0,"time":0}],"dbHits":1,`)
	require.Contains(t, end, `"consumedAfter":1000,"server":{"address":"db:1","protocolVersion":"5.0"}}`)
	require.Contains(t, end, `"transaction":{"graphName":"g","txid":"1","readonly":false}}}`)
	require.True(t, json.Valid([]byte(end)))
	refused := &DescribedError{Class: ClassFailure, Message: "no", Code: "c", Cause: &DescribedError{Class: ClassError}}
	require.Equal(t, `{"ask":1,"callback":2,"value":{"refused":{"class":"Failure","message":"no","cause":{"class":"Error","message":""},"code":"c"}}}`,
		string(new(Writer).Ask(&Ask{Ask: 1, Callback: 2, Value: AskAuth.Value(&TokenWanted{Refused: refused})})))
	require.Equal(t, `{"broken":{"owner":1,"connections":[2,3],"profile":{"uri":"://:0","user":"","database":""},"message":"m","pools":[{"pool":4,"size":0,"inUse":0,"maxSize":0}]}}`,
		string(new(Writer).OwnerEvent(&OwnerEvent{Broken: &Broken{Owner: 1, Connections: []int{2, 3}, Message: "m",
			Pools: []PoolState{{Pool: 4}}}})))
}

// A summary leaves out what is zero or unknown; what it has inside is whole.
func TestSparseSummaries(t *testing.T) {
	for text, summary := range map[string]client.Summary{
		`{"server":{}}`: {AvailableAfter: -1, ConsumedAfter: -1},
		`{"complete":true,"queryType":"r","availableAfter":0,"consumedAfter":2,"server":{"agent":"a"},"bookmark":"b"}`: {
			Complete: true, QueryType: "r", ConsumedAfter: 2 * time.Millisecond, ServerAgent: "a", Bookmark: "b",
			Notifications: []client.Notification{}},
		`{"counters":{"nodesCreated":0,"nodesDeleted":0,"relationshipsCreated":0,"relationshipsDeleted":0,` +
			`"propertiesSet":0,"labelsAdded":0,"labelsRemoved":0,"indexesAdded":0,"indexesRemoved":0,` +
			`"constraintsAdded":0,"constraintsRemoved":0,"systemUpdates":0,"containsUpdates":true,` +
			`"containsSystemUpdates":false},"notifications":[{"code":"c","title":"","description":"","severity":"",` +
			`"category":"","position":null}],"availableAfter":0,"consumedAfter":0,"server":{}}`: {
			Counters: client.Counters{ContainsUpdates: true}, Notifications: []client.Notification{{Code: "c"}}},
	} {
		end := new(Writer).ResultEvent(&ResultEvent{Result: 1, End: &End{Summary: &summary}})
		require.Equal(t, `{"result":1,"end":{"summary":`+text+`}}`, string(end))
	}
}

func ptr[T any](value T) *T { return &value }

func FuzzMessageText(f *testing.F) {
	f.Add("plain", "a\x00\"\\\x1f\x7f\xff")
	f.Fuzz(func(t *testing.T, key, text string) {
		value := any(map[string]any{key: text})
		message := written(new(Writer), &value)
		if message[0] == '!' {
			message, key = message[1:], "$"+key
		}
		var read struct{ Value map[string]string }
		require.NoError(t, json.Unmarshal([]byte(message), &read))
		require.Equal(t, map[string]string{valid(key): valid(text)}, read.Value)
	})
}

// valid is text as it is after decoding.
func valid(s string) string { return string([]rune(s)) }
