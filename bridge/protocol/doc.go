// Package protocol is the schema of all that crosses the bridge between JavaScript and Go: the methods that a page
// calls, their arguments and results, callbacks, events, options, errors and records. These Go types, and those of
// packages client and pool that they name, are the only definition. From them internal/protocolgen writes
//
//   - codec.go, which reads what the page sends and writes what it gets, and
//   - web/src/engine/protocol.ts, which has the same as TypeScript types, and tables by which JavaScript checks and
//     packs what it sends.
//
// To add a method, add it to [Methods], and handle MethodName in package bridge. To add an option, add a field to the
// struct of options: nothing else. Then run `go generate ./bridge/protocol`. `make lint` fails while the generated
// files differ.
//
// Messages to the engine are PackStream, those to the page JSON (see [Writer]), so that each crosses from one language
// to the other in one piece. What one side sends and the other does not know is refused.
//
// A field is called by its Go name with a small first letter. A tag says more:
//
//	js:"name"       another name; "server.agent" puts fields one after the other into an object
//	js:"-"          it does not cross
//	js:",optional"  it may be left out; a zero value is. Fields of options are optional without the tag
//	js:",required"  an option that has to be there
//	js:",inverted"  a boolean with the opposite sense, true by default
//	js:",seconds"   a time span in seconds; others are in milliseconds
//	js:",unknown"   a time span that is null where it is negative
//	js:",large"     an integer that may be beyond 2^53
//	js:",measured"  a field that only the measured form of its type has, or a value of that form
//	js:",sparse"    a struct, of which all fields are left out that are zero or unknown
//	js:",inline"    the fields of a struct among those around it
//	js:",min=1"     the least value that JavaScript lets pass
//	js:",one=A|B"   the texts that JavaScript lets pass
//	js:",as=T"      what crosses is a T, made by the function TOf
package protocol

//go:generate go run ../../internal/protocolgen
