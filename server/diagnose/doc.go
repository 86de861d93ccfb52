// Package diagnose finds out why a page in a browser could not connect to a Bolt server or a relay. A browser tells its
// scripts almost nothing about the cause; a program can take the same steps one by one and check each.
package diagnose
