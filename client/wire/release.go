package wire

// Release is the version of this software: of the Go module, the npm package and the relay. A test in internal/archtest
// compares web/package.json with it.
const Release = "0.1.0"

// Product is the client's name for servers.
const Product = "webbolt/" + Release
