// Package jsonvalues turns the JSON of Neo4j's HTTP APIs into PackStream, and parameters from PackStream into JSON. It
// does not deal with connections and requests: package httpapi does.
//
// An [Answer] reads an answer piece by piece and writes each row as a PackStream list, so everything from
// [client.Batch] on is shared with Bolt. Two forms of JSON carry values:
//
//   - typed JSON of the Query API: {"$type": "Integer", "_value": "1"};
//   - Jolt of the transaction API, in its sparse form: 1, {"Z": "2147483648"}.
//
// A text that is cut short gives [ErrShort] inside the package, and the part is read again when more has arrived.
// Malformed input gives an error that says where; it never panics (FuzzAnswers, FuzzPlain, FuzzParameters).
//
// The JSON reader is the package's own, for speed and size: it writes PackStream as it reads, without tokens or Go
// values in between. On typed JSON it is 20 to 25 times as fast as json.Unmarshal into any, and 50 to 60 times as fast
// as json.Decoder.Token (natively, BenchmarkTranscode beside BenchmarkStandardLibrary), and it keeps encoding/json out
// of the wasm.
package jsonvalues
