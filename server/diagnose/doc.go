// Package diagnose finds out why a page in a browser could not connect to a Bolt server or a relay. A browser tells its
// scripts next to nothing of the cause; a program can go the same way step by step and look.
package diagnose
