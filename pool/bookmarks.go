package pool

import (
	"slices"
	"sync"
)

// BookmarkManager chains transactions causally: each begins with the bookmarks of those that ended before. One manager can serve several
// connectors. The zero value is ready for use.
type BookmarkManager struct {
	mu        sync.Mutex
	bookmarks []string
}

// NewBookmarkManager makes a manager that starts from the given bookmarks.
func NewBookmarkManager(bookmarks ...string) *BookmarkManager {
	return &BookmarkManager{bookmarks: slices.Clone(bookmarks)}
}

// Bookmarks are those that the next transaction begins with.
func (m *BookmarkManager) Bookmarks() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.bookmarks)
}

// Update replaces the bookmarks that a transaction began with by the one it ended with.
func (m *BookmarkManager) Update(used []string, bookmark string) {
	if bookmark == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bookmarks = slices.DeleteFunc(m.bookmarks, func(b string) bool { return b == bookmark || slices.Contains(used, b) })
	m.bookmarks = append(m.bookmarks, bookmark)
}
