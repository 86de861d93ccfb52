package wire

// Release is the version of this software: of the Go module, the npm package and the relay. A test in internal/archtest
// holds web/package.json to it.
const Release = "0.1.0"

// Product is what the client calls itself to servers.
const Product = "webbolt/" + Release
