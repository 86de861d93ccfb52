package pool

import (
	"context"
	"slices"
	"sync"
)

// BookmarkManager chains transactions causally: each begins with the bookmarks of those that ended before. One manager
// can serve several connectors. The zero value is ready for use.
type BookmarkManager struct {
	// Supply returns more bookmarks that a transaction begins with, for example those of other programs; nil supplies
	// none. If it returns an error, the work fails with that error.
	Supply func(ctx context.Context) ([]string, error)
	// Consume is called with the manager's own bookmarks whenever they have changed, unless it is nil. If it returns an
	// error, a commit that has taken effect fails with that error.
	Consume func(ctx context.Context, bookmarks []string) error

	mu        sync.Mutex
	bookmarks []string
}

// NewBookmarkManager makes a manager that starts from the given bookmarks.
func NewBookmarkManager(bookmarks ...string) *BookmarkManager {
	m := &BookmarkManager{}
	for _, b := range bookmarks {
		m.bookmarks = appendMissing(m.bookmarks, b)
	}
	return m
}

// Bookmarks returns the manager's own bookmarks, without those that Supply gives.
func (m *BookmarkManager) Bookmarks() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.bookmarks)
}

// Update replaces the bookmarks that a transaction began with by the bookmark of its end.
func (m *BookmarkManager) Update(used []string, bookmark string) {
	if bookmark == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bookmarks = slices.DeleteFunc(m.bookmarks, func(b string) bool {
		return b == bookmark ||
			slices.Contains(used, b)
	})
	m.bookmarks = append(m.bookmarks, bookmark)
}

// Current returns the bookmarks that the next transaction begins with.
func (m *BookmarkManager) Current(ctx context.Context) ([]string, error) {
	bookmarks := m.Bookmarks()
	if m.Supply == nil {
		return bookmarks, nil
	}
	supplied, err := m.Supply(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range supplied {
		bookmarks = appendMissing(bookmarks, b)
	}
	return bookmarks, nil
}

// update is Update, and then calls Consume; a nil manager does nothing.
func (m *BookmarkManager) update(ctx context.Context, used []string, bookmark string) error {
	if m == nil || bookmark == "" {
		return nil
	}
	m.Update(used, bookmark)
	if m.Consume == nil {
		return nil
	}
	return m.Consume(ctx, m.Bookmarks())
}

func appendMissing(bookmarks []string, bookmark string) []string {
	if slices.Contains(bookmarks, bookmark) {
		return bookmarks
	}
	return append(bookmarks, bookmark)
}
