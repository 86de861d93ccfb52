// Package blocks makes row blocks of the records that a server sends to a page, so that the page neither receives nor
// decodes records.
//
// A [Converter] is between the page and the code that passes its bytes on. It reads both directions of a Bolt
// connection after the handshake. PULLs that ask for row blocks get them; all else passes unchanged. docs/lanes.md
// describes the protocol between page and relay.
package blocks
