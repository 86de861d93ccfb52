package httpapi

// inBrowser says that the browser chooses the User-Agent header.
const inBrowser = true
