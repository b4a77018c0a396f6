//go:build !nosumdb

// A store of its own, served by the real program, for one test: $LIREN_BIN, else ../../build/liren.
// Depends on the standard library. Everything waits for a condition with a deadline, never for a time.
package log

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	waitMax       = 60 * time.Second // for anything that must happen; a checkpoint needs one second
	pollEvery     = 10 * time.Millisecond
	answerMax     = 1 << 20
	writersAtOnce = 16
)

type office struct {
	t    *testing.T
	base string
	web  *http.Client
}

// An answer to a written line: what the writer of it keeps.
type written struct {
	N      int64
	Entry  string
	Salt   []byte
	Secret []byte
	Values map[string]struct {
		Blind []byte
		Text  string
	}
}

type proof struct {
	N          int64
	Proof      [][]byte
	Checkpoint string
	Key        string
}

func program(t *testing.T) string {
	path := os.Getenv("LIREN_BIN")
	if path == "" {
		path = filepath.Join("..", "..", "build", "liren")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("there is no program to test: %v; build it or set LIREN_BIN", err)
	}
	return path
}

// openOffice makes a store in a folder that goes with the test, and serves it until the test ends.
func openOffice(t *testing.T) *office {
	t.Helper()
	liren, dir := program(t), filepath.Join(t.TempDir(), "store")
	// a made-up code has no levels above it, so that entry 1 is all that is there
	// files of etc/ would become entries of their own; the sizes of these logs are to be exact
	if said, err := exec.Command(liren, "init", "--bare", "--dir", dir, "--community", "990100001001").CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, said)
	}
	var log bytes.Buffer
	serve := exec.Command(liren, "serve", "--dir", dir, "--port", "0")
	serve.Stderr = &log
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, web: &http.Client{
		Timeout:   waitMax,
		Transport: &http.Transport{MaxIdleConnsPerHost: 2 * writersAtOnce},
	}}
	t.Cleanup(func() {
		o.web.CloseIdleConnections()
		_ = serve.Process.Signal(syscall.SIGTERM)
		if err := serve.Wait(); err != nil {
			t.Errorf("serve ended with %v", err)
		}
		if t.Failed() {
			t.Logf("the program's log:\n%s", log.String())
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program does not say where it listens: %v", err)
	}
	o.base = strings.TrimPrefix(strings.TrimSpace(line), "listening on ")
	if !strings.HasPrefix(o.base, "http://localhost:") {
		t.Fatalf("the program says %q", line)
	}
	return o
}

func (o *office) call(method, path, key string, body io.Reader) (int, []byte, error) {
	request, err := http.NewRequest(method, o.base+path, body)
	if err != nil {
		return 0, nil, err
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := o.web.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, answerMax))
	return answer.StatusCode, said, err
}

// get gives the body of a 200; anything else is an error.
func (o *office) get(path string) ([]byte, error) {
	status, said, err := o.call("GET", path, "", nil)
	if err == nil && status != 200 {
		err = fmt.Errorf("GET %s: %d %s", path, status, said)
	}
	return said, err
}

func (o *office) mustGet(path string) []byte {
	o.t.Helper()
	said, err := o.get(path)
	if err != nil {
		o.t.Fatal(err)
	}
	return said
}

// write writes one line and sends it a second time where asked to: the answer must be the same.
func (o *office) write(id, text string, twice bool) (written, error) {
	var w, again written
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		return w, err
	}
	for turn, to := range []*written{&w, &again} {
		if turn == 1 && !twice {
			break
		}
		status, said, err := o.call("POST", "/api/v1/lines", id, bytes.NewReader(body))
		if err != nil {
			return w, err
		}
		if status != 201 {
			return w, fmt.Errorf("writing a line: %d %s", status, said)
		}
		if err := json.Unmarshal(said, to); err != nil {
			return w, err
		}
	}
	if twice && fmt.Sprint(w) != fmt.Sprint(again) {
		return w, fmt.Errorf("the same request gave %v, then %v", w, again)
	}
	return w, nil
}

// writeMany writes lines first … first+n−1, several at a time; it gives all that were answered.
func (o *office) writeMany(first, n int) (all []written, failed error) {
	type result struct {
		w   written
		err error
	}
	work, results := make(chan int), make(chan result)
	for i := 0; i < writersAtOnce; i++ {
		go func() {
			for number := range work {
				id := fmt.Sprintf("request-of-line-%08d", number)
				text := fmt.Sprintf("第 %d 条 “quoted” \t %s", number, strings.Repeat("x", number%97))
				w, err := o.write(id, text, number%10 == 0)
				results <- result{w, err}
			}
		}()
	}
	go func() {
		for i := 0; i < n; i++ {
			work <- first + i
		}
		close(work)
	}()
	for i := 0; i < n; i++ {
		r := <-results
		all = append(all, r.w)
		if r.err != nil {
			failed = r.err
		}
	}
	return all, failed
}

// watch hands each new checkpoint to `seen` until one is enough.
func (o *office) watch(seen func(note []byte) (enough bool)) {
	o.t.Helper()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var last []byte
	for deadline := time.Now().Add(waitMax); time.Now().Before(deadline); <-tick.C {
		note := o.mustGet("/log/checkpoint")
		if bytes.Equal(note, last) {
			continue
		}
		last = note
		if seen(note) {
			return
		}
	}
	o.t.Fatalf("no checkpoint within %v covers what was written; the last is\n%s", waitMax, last)
}
