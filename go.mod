module github.com/webbolt/webbolt

go 1.26
