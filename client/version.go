package client

import "github.com/webbolt/webbolt/client/wire"

// Version is a version of Bolt, "major.minor". The zero Version means none.
type Version = wire.Version
