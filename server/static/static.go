package static

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

// types are the content types, which do not depend on the machine's tables.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".mjs": "text/javascript; charset=utf-8", ".wasm": "application/wasm", ".json": "application/json",
	".map": "application/json", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml",
	".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".ts": "text/plain; charset=utf-8",
	".md": "text/markdown; charset=utf-8",
}

// lastPart is the end of a name, where bundlers put a hash of the content.
var lastPart = regexp.MustCompile(`[.-]([0-9A-Za-z_]{8,})\.[0-9a-z]+$`)

// Site serves a file system. Make one with [New].
type Site struct {
	files  fs.FS
	policy func(*http.Request) string

	mu   sync.Mutex
	tags map[string]tag // by file name
}

// tag is a file's ETag, valid while its time and size are unchanged.
type tag struct {
	modified time.Time
	size     int64
	text     string
}

// New makes a Site. connect lists what the page's scripts may connect to besides the page's own origin, in the syntax
// of Content-Security-Policy.
func New(files fs.FS, connect []string) *Site {
	return &Site{files: files, policy: policyFor(connect), tags: map[string]tag{}}
}

// ServeHTTP answers GET and HEAD.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Content-Security-Policy", s.policy(r))
	file, found, err := s.open(name)
	if err != nil {
		http.Error(w, "there is no such file", http.StatusNotFound)
		return
	}
	s.serve(w, r, name, file, found)
}

// hidden names are not for the public.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// open opens a file that is neither a folder nor hidden.
func (s *Site) open(name string) (fs.File, fs.FileInfo, error) {
	if hidden(name) {
		return nil, nil, fs.ErrNotExist
	}
	file, err := s.files.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		_ = file.Close()
	}
	return file, info, err
}

func (s *Site) serve(w http.ResponseWriter, r *http.Request, name string, file fs.File, info fs.FileInfo) {
	defer func() { _ = file.Close() }()
	header := w.Header()
	header.Set("Content-Type", contentType(name))
	header.Set("Cache-Control", caching(name))
	header.Set("Vary", "Accept-Encoding")
	for _, coding := range acceptable(r.Header.Values("Accept-Encoding")) {
		packed, packedInfo, err := s.open(name + coding.suffix)
		if err != nil {
			continue
		}
		_ = file.Close()
		file, info = packed, packedInfo
		name += coding.suffix
		header.Set("Content-Encoding", coding.name)
		break
	}
	content, err := seekable(file)
	if err != nil {
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	text, err := s.tag(name, info, content)
	if err != nil {
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	header.Set("ETag", text)
	http.ServeContent(w, r, "", time.Time{}, content)
}

func seekable(file fs.File) (io.ReadSeeker, error) {
	if content, ok := file.(io.ReadSeeker); ok {
		return content, nil
	}
	text, err := io.ReadAll(file)
	return strings.NewReader(string(text)), err
}

// tag returns the ETag, which is a hash, because embedded files have no time.
func (s *Site) tag(name string, info fs.FileInfo, content io.ReadSeeker) (string, error) {
	s.mu.Lock()
	known, found := s.tags[name]
	s.mu.Unlock()
	if found && known.modified.Equal(info.ModTime()) && known.size == info.Size() {
		return known.text, nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, content); err != nil {
		return "", err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	text := `"` + base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:15]) + `"`
	s.mu.Lock()
	s.tags[name] = tag{info.ModTime(), info.Size(), text}
	s.mu.Unlock()
	return text, nil
}

func contentType(name string) string {
	if known := types[strings.ToLower(path.Ext(name))]; known != "" {
		return known
	}
	return "application/octet-stream"
}

// caching lets browsers keep names with a hash forever. They revalidate all others each time, which costs a few bytes
// if the ETag is unchanged.
func caching(name string) string {
	if part := lastPart.FindStringSubmatch(path.Base(name)); part != nil && isHash(part[1]) {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// isHash tells a hash from a word with a number: it has digits, and beside them only hexadecimal or only upper-case
// letters, or letters of both cases at random.
func isHash(text string) bool {
	digits, upper, lower, hexadecimal := 0, 0, 0, 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'f':
			lower++
			hexadecimal++
		case c >= 'a' && c <= 'z':
			lower++
		}
	}
	onlyHexadecimal := upper == 0 && lower == hexadecimal
	return digits > 0 && (lower == 0 || onlyHexadecimal || upper > 1)
}
