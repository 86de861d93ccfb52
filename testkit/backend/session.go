package main

import (
	"context"
	"slices"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/pool"
)

// session is what official drivers call so: work done one after the other, where each sees what the one before has
// done. Here it is a connector that chains by the session's own bookmarks.
type session struct {
	connector *pool.Connector
	shared    *pool.BookmarkManager // the driver's user's, or nil
	initial   []string              // what the session begins with, beside those of the shared manager
	resolved  bool                  // the database that is meant where none is named
	bookmarks *pool.BookmarkManager // the session's own
	database  string
	readonly  bool
	options   client.TxOptions

	result      *result
	transaction *transaction
	retry       chan error // what the suite says of its work in a transaction function
}

// transaction is one of a session's.
type transaction struct {
	session *session
	ref     *client.TransactionRef
	results []*result
	closed  bool
}

func newSession(_ context.Context, f *frontend, d data) (string, any, error) {
	dr := f.driver(d)
	s := &session{database: d.text("database"), readonly: d.text("accessMode") == "r"}
	s.options = client.TxOptions{ImpersonatedUser: d.text("impersonatedUser"), Notifications: notifications(d)}
	if n, is := d.number("fetchSize"); is {
		s.options.FetchSize = n
	}
	given := d.texts("bookmarks")
	s.bookmarks = pool.NewBookmarkManager(slices.DeleteFunc(given, func(b string) bool { return b == "" })...)
	s.connector = dr.WithBookmarks(s.bookmarks)
	if shared, is := f.managers[d.text("bookmarkManagerId")].(*pool.BookmarkManager); is {
		s.shared = shared
		s.connector = dr.WithBookmarks(shared)
		s.initial = s.bookmarks.Bookmarks()
	}
	if token := d.object("authorizationToken"); token != nil {
		s.connector = s.connector.WithToken(token.object("data").auth())
	}
	id := f.number()
	f.sessions[id] = s
	return "Session", data{"id": id}, nil
}

func (f *frontend) session(d data) *session { return f.sessions[d.text("sessionId")] }

// settings are those of the next transaction. The home database is found out once for a session, and the session's own
// bookmarks come beside those of a shared manager, until the session has new ones.
func (s *session) settings(ctx context.Context, d data) (client.TxOptions, error) {
	o := s.options
	if s.shared != nil && s.initial != nil {
		current, err := s.shared.Current(ctx)
		if err != nil {
			return o, err
		}
		o.Bookmarks = current
		for _, b := range s.initial {
			if !slices.Contains(current, b) {
				o.Bookmarks = append(o.Bookmarks, b)
			}
		}
		s.initial = nil
	}
	if s.database == "" && !s.resolved {
		s.resolved = true
		bookmarks := o.Bookmarks
		switch {
		case bookmarks != nil:
		case s.shared != nil:
			current, err := s.shared.Current(ctx)
			if err != nil {
				return o, err
			}
			bookmarks = current
		default:
			bookmarks = s.bookmarks.Bookmarks()
		}
		name, err := s.connector.HomeGraph(ctx, o.ImpersonatedUser, bookmarks...)
		if err != nil {
			s.resolved = false
			return o, err
		}
		s.database = name
	}
	return d.txOptions(o)
}

// finish ends what the session has open before it does something else.
func (s *session) finish(ctx context.Context) error {
	if s.transaction != nil && !s.transaction.closed && !s.transaction.ref.Broken() {
		return &client.ArgumentError{Argument: "session", Message: "a transaction is open in it"}
	}
	if s.result == nil {
		return nil
	}
	r := s.result
	s.result = nil
	if err := r.buffer(ctx); err != nil && !r.failed {
		return err
	}
	return nil
}

func sessionRun(ctx context.Context, f *frontend, d data) (string, any, error) {
	s := f.session(d)
	if err := s.finish(ctx); err != nil {
		return "", nil, err
	}
	parameters, err := fromCypherMap(d.object("params"))
	if err != nil {
		return "", nil, err
	}
	o, err := s.settings(ctx, d)
	if err != nil {
		return "", nil, err
	}
	inner, err := s.connector.RunProg(ctx, s.database, d.text("cypher"), parameters, s.readonly, o)
	if err != nil {
		return "", nil, err
	}
	s.result = &result{inner: inner, parameters: parameters}
	return f.addResult(ctx, s.result)
}

func sessionBegin(ctx context.Context, f *frontend, d data) (string, any, error) {
	s := f.session(d)
	if err := s.finish(ctx); err != nil {
		return "", nil, err
	}
	o, err := s.settings(ctx, d)
	if err != nil {
		return "", nil, err
	}
	ref, err := s.connector.Begin(ctx, s.database, s.readonly, o)
	if err != nil {
		return "", nil, err
	}
	s.transaction = &transaction{session: s, ref: ref}
	id := f.number()
	f.transactions[id] = s.transaction
	return "Transaction", data{"id": id}, nil
}

func sessionClose(ctx context.Context, f *frontend, d data) (string, any, error) {
	s := f.session(d)
	if s.transaction != nil && !s.transaction.closed {
		s.transaction.closed = true
		if err := rollback(s.connector, ctx, s.transaction.ref); err != nil {
			return "", nil, err
		}
	}
	if s.result != nil {
		_, err := s.result.consume(ctx)
		return "Session", data{"id": d.text("sessionId")}, err
	}
	return "Session", data{"id": d.text("sessionId")}, nil
}

func lastBookmarks(_ context.Context, f *frontend, d data) (string, any, error) {
	s := f.session(d)
	bookmarks := s.bookmarks.Bookmarks()
	if s.shared != nil {
		bookmarks = s.shared.Bookmarks()
	}
	if bookmarks == nil {
		bookmarks = []string{}
	}
	return "Bookmarks", data{"bookmarks": bookmarks}, nil
}

// execute carries out a transaction function: the suite does the work in between.
func execute(readonly bool) request {
	return func(ctx context.Context, f *frontend, d data) (string, any, error) {
		s := f.session(d)
		if err := s.finish(ctx); err != nil {
			return "", nil, err
		}
		o, err := s.settings(ctx, d)
		if err != nil {
			return "", nil, err
		}
		do := s.connector.ExecuteWrite
		if readonly {
			do = s.connector.ExecuteRead
		}
		err = do(ctx, s.database, func(ctx context.Context, tx *pool.Transaction) error {
			id := f.number()
			f.transactions[id] = &transaction{session: s, ref: tx.Ref()}
			s.retry = make(chan error, 1)
			f.respond("RetryableTry", data{"id": id})
			for {
				if err := f.handleNext(ctx); err != nil {
					return err
				}
				select {
				case err := <-s.retry:
					return err
				default:
				}
			}
		}, o)
		return "RetryableDone", data{}, err
	}
}

func retryable(err func(f *frontend, d data) error) request {
	return func(_ context.Context, f *frontend, d data) (string, any, error) {
		f.session(d).retry <- err(f, d)
		return "", nil, nil
	}
}

func (f *frontend) transaction(d data) *transaction { return f.transactions[d.text("txId")] }

func transactionRun(ctx context.Context, f *frontend, d data) (string, any, error) {
	tx := f.transaction(d)
	parameters, err := fromCypherMap(d.object("params"))
	if err != nil {
		return "", nil, err
	}
	inner, err := tx.session.connector.RunQuery(ctx, tx.ref, d.text("cypher"), parameters)
	if err != nil {
		return "", nil, err
	}
	r := &result{inner: inner, parameters: parameters}
	tx.results = append(tx.results, r)
	return f.addResult(ctx, r)
}

func transactionEnd(end func(c *pool.Connector, ctx context.Context, tx *client.TransactionRef) error) request {
	return func(ctx context.Context, f *frontend, d data) (string, any, error) {
		tx := f.transaction(d)
		tx.closed = true
		return "Transaction", data{"id": d.text("txId")}, end(tx.session.connector, ctx, tx.ref)
	}
}

func commit(c *pool.Connector, ctx context.Context, tx *client.TransactionRef) error {
	_, err := c.Commit(ctx, tx)
	return err
}

func rollback(c *pool.Connector, ctx context.Context, tx *client.TransactionRef) error {
	_, err := c.Rollback(ctx, tx)
	return err
}

// transactionClose rolls back what is open, and does nothing else.
func transactionClose(ctx context.Context, f *frontend, d data) (string, any, error) {
	tx := f.transaction(d)
	if tx.closed {
		return "Transaction", data{"id": d.text("txId")}, nil
	}
	tx.closed = true
	return "Transaction", data{"id": d.text("txId")}, rollback(tx.session.connector, ctx, tx.ref)
}
