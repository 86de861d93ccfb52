package pool

import (
	"context"
	"slices"
	"sync"
)

// BookmarkManager chains transactions causally: each begins with the bookmarks of those that ended before. One manager
// can serve several connectors. The zero value is ready for use.
type BookmarkManager struct {
	// Supply gives further bookmarks that a transaction begins with, as from other programs; nil supplies none. What it
	// fails with fails the work.
	Supply func(ctx context.Context) ([]string, error)
	// Consume is told of the manager's own bookmarks whenever they have changed; nil tells nobody. What it fails with
	// fails a commit, which has taken effect.
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

// Bookmarks are the manager's own, without those that Supply gives.
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
	m.bookmarks = slices.DeleteFunc(m.bookmarks, func(b string) bool {
		return b == bookmark ||
			slices.Contains(used, b)
	})
	m.bookmarks = append(m.bookmarks, bookmark)
}

// Current are the bookmarks that the next transaction begins with.
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

// update is Update that tells the consumer; a nil manager does nothing.
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
