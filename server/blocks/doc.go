// Package blocks makes row blocks of the records that a server sends to a page, so that the page neither receives nor
// decodes records.
//
// A [Converter] stands between the page and whatever carries its bytes. It reads both directions of a Bolt connection
// after the handshake. PULLs that ask for row blocks get them; all else passes as it is. docs/lanes.md describes what
// page and relay say to each other.
package blocks
