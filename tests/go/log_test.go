//go:build !nosumdb

// Liren's public log, checked by an implementation that is not ours: Go's own, against the real program over
// HTTP. Every checkpoint seen on the way, every entry in every checkpoint, any two checkpoints; and one changed
// byte anywhere is found.
package log

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// A seed of its own for each place, so that a failure repeats.
const seed = 20261123

// What one knows who has watched a log and written into it.
type watched struct {
	o           *office
	vkey        string
	trees       []tlog.Tree       // of every checkpoint seen, the oldest first
	notes       [][]byte          // the checkpoints
	seen        map[string][]byte // every tile and bundle as it was first served, by path
	entries     map[int64]written
	commitments [][]byte // of the newest tree
}

func watchOffice(t *testing.T) *watched {
	o := openOffice(t)
	line := string(o.mustGet("/log/key"))
	if !strings.HasSuffix(line, "\n") || strings.Count(line, "\n") != 1 {
		t.Fatalf("/log/key is not one line: %q", line)
	}
	return &watched{o: o, vkey: strings.TrimSuffix(line, "\n"), seen: map[string][]byte{},
		entries: map[int64]written{}}
}

// live reads from the program, and keeps what it said.
func (l *watched) live(path string) ([]byte, error) {
	data, err := l.o.get("/log/" + path)
	if err != nil {
		return nil, err
	}
	if before, ok := l.seen[path]; ok && !bytes.Equal(before, data) {
		return nil, fmt.Errorf("%s is no longer what it was", path)
	}
	l.seen[path] = data
	return data, nil
}

// kept reads what was served before.
func (l *watched) kept(path string) ([]byte, error) {
	if data, ok := l.seen[path]; ok {
		return data, nil
	}
	return nil, fmt.Errorf("%s was never read", path)
}

func (l *watched) newest() tlog.Tree {
	return l.trees[len(l.trees)-1]
}

// take checks a new checkpoint at once, with all its tiles as they are served now.
func (l *watched) take(note []byte) {
	l.o.t.Helper()
	tree, err := openCheckpoint(l.vkey, note)
	if err != nil {
		l.o.t.Fatalf("%v in the checkpoint\n%s", err, note)
	}
	if len(l.trees) > 0 && tree.N <= l.newest().N {
		l.o.t.Fatalf("the checkpoint of %d came after the one of %d", tree.N, l.newest().N)
	}
	l.trees, l.notes = append(l.trees, tree), append(l.notes, note)
	if l.commitments, err = checkTiles(tree, l.live); err != nil {
		l.o.t.Fatalf("the tiles of the tree of %d: %v", tree.N, err)
	}
}

// growTo writes lines until the record has n entries, and watches meanwhile and until a checkpoint covers them.
func (l *watched) growTo(n int) {
	l.o.t.Helper()
	have := 1 + len(l.entries) // init wrote the first
	var answers []written
	writing := make(chan error, 1)
	go func() {
		var err error
		answers, err = l.o.writeMany(have, n-have)
		writing <- err
	}()
	l.o.watch(func(note []byte) bool {
		if len(l.notes) == 0 || !bytes.Equal(l.notes[len(l.notes)-1], note) {
			l.take(note)
		}
		return l.newest().N >= int64(n)
	})
	if err := <-writing; err != nil {
		l.o.t.Fatal(err)
	}
	for _, w := range answers {
		if _, twice := l.entries[w.N]; twice {
			l.o.t.Fatalf("two lines are entry %d", w.N)
		}
		l.entries[w.N] = w
	}
	if l.newest().N != int64(n) {
		l.o.t.Fatalf("the record has %d entries, not %d", l.newest().N, n)
	}
}

// The parts of the check; each counts by itself.
func (l *watched) check(t *testing.T) {
	t.Run("key", l.checkKey)
	t.Run("entries", l.checkEntries)
	t.Run("inclusion", l.checkInclusion)
	t.Run("proofs", l.checkProofs)
	t.Run("consistency", l.checkConsistency)
	t.Run("partial", l.checkPartial)
	t.Run("bounds", l.checkBounds)
}

// The key's name is the origin: community, short hash of the public key, epoch 1.
func (l *watched) checkKey(t *testing.T) {
	part := strings.Split(l.vkey, "+")
	public, err := base64.StdEncoding.Strict().DecodeString(l.vkey[len(part[0])+len(part[1])+2:])
	if err != nil || len(public) != 33 || public[0] != 1 {
		t.Fatalf("%q holds no Ed25519 key: %v", l.vkey, err)
	}
	want := fmt.Sprintf("liren/990100001001/%x/1", sha256.Sum256(public[1:]))
	want = want[:len("liren/990100001001/")+8] + "/1"
	if part[0] != want {
		t.Errorf("the origin is %q, not %q", part[0], want)
	}
}

func (l *watched) checkEntries(t *testing.T) {
	for n := int64(2); n <= l.newest().N; n++ {
		w, ok := l.entries[n]
		if !ok {
			t.Fatalf("nobody was told entry %d", n)
		}
		if err := checkEntry(w); err != nil {
			t.Error(err)
		}
		if !bytes.Equal(commitment(w.Salt, w.Entry), l.commitments[n-1]) {
			t.Errorf("the bundle has another commitment for entry %d than its writer", n)
		}
	}
}

// Entry 1 is known by its commitment alone: who has only the log sees no entry.
func (l *watched) commitmentOf(n int64) []byte {
	if w, ok := l.entries[n]; ok {
		return commitment(w.Salt, w.Entry)
	}
	return l.commitments[n-1]
}

// Every entry in every checkpoint that covers it.
func (l *watched) checkInclusion(t *testing.T) {
	for _, tree := range l.trees {
		for n := int64(1); n <= tree.N; n++ {
			if err := checkRecord(tree, l.kept, n, l.commitmentOf(n), nil); err != nil {
				t.Fatalf("entry %d in the tree of %d: %v", n, tree.N, err)
			}
		}
	}
}

// The program's own proofs, as they stand in receipts.
func (l *watched) checkProofs(t *testing.T) {
	tree := l.newest()
	for n := int64(1); n <= tree.N; n++ {
		var p proof
		if err := json.Unmarshal(l.o.mustGet(fmt.Sprintf("/api/v1/proofs/%d", n)), &p); err != nil {
			t.Fatal(err)
		}
		got, err := openCheckpoint(p.Key, []byte(p.Checkpoint))
		if err != nil || got != tree || p.N != n || p.Key != l.vkey {
			t.Fatalf("proof %d: %v, tree %v, key %s", n, err, got, p.Key)
		}
		path := make(tlog.RecordProof, len(p.Proof))
		for i, h := range p.Proof {
			if copy(path[i][:], h) != tlog.HashSize || len(h) != tlog.HashSize {
				t.Fatalf("proof %d holds a hash of %d bytes", n, len(h))
			}
		}
		if err := checkRecord(tree, nil, n, l.commitmentOf(n), path); err != nil {
			t.Fatalf("proof %d: %v", n, err)
		}
	}
}

func (l *watched) checkConsistency(t *testing.T) {
	for i, older := range l.trees {
		for _, newer := range l.trees[i:] {
			if err := checkGrowth(older, newer, l.kept); err != nil {
				t.Errorf("%d to %d: %v", older.N, newer.N, err)
			}
		}
	}
}

// Every partial tile that was ever served, and every width of the ones that still grow, is the beginning of the
// same tile later; and is served for ever.
func (l *watched) checkPartial(t *testing.T) {
	tree := l.newest()
	for _, tile := range tlog.NewTiles(tileHeight, 0, tree.N) {
		_, err := l.live(pathOf(tile))
		if err == nil && tile.L == 0 {
			_, err = l.live(pathOf(bundleTile(tile)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	widest := map[string][]byte{}
	for _, tile := range tilesOf(tree) {
		for _, path := range []string{pathOf(tile), pathOf(bundleTile(tile))} {
			if tile.L == 0 || !strings.Contains(path, "entries") {
				widest[strings.Split(path, ".p/")[0]] = l.seen[path]
			}
		}
	}
	for path := range l.seen {
		data, err := l.live(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(widest[strings.Split(path, ".p/")[0]], data) {
			t.Errorf("%s is not the beginning of what it grew into", path)
		}
	}
}

// Nothing beyond the checkpoint is public, and a tile has one name.
func (l *watched) checkBounds(t *testing.T) {
	for _, tile := range tilesOf(l.newest()) {
		var names []string
		if tile.W < tileWidth {
			wider := tile
			wider.W++
			whole := tile
			whole.W = tileWidth
			names = append(names, pathOf(wider), pathOf(whole))
		} else {
			names = append(names, pathOf(tile)+".p/256")
		}
		names = append(names, strings.Replace(pathOf(tile), "tile/", "tile/0", 1), pathOf(tile)+".p/0")
		for _, name := range names {
			status, said, err := l.o.call("GET", "/log/"+name, "", nil)
			if err != nil || status != 404 {
				t.Errorf("%s: %d %s %v", name, status, said, err)
			}
		}
	}
	status, said, err := l.o.call("GET", fmt.Sprintf("/api/v1/proofs/%d", l.newest().N+1), "", nil)
	if err != nil || status != 404 {
		t.Errorf("a proof of no entry: %d %s %v", status, said, err)
	}
}

// ---- one changed byte ----

// Every bit of every byte of a checkpoint: the three lines, the blank one, and the signature's.
func (l *watched) changedCheckpoint(t *testing.T) {
	note := l.notes[len(l.notes)-1]
	for at := range note {
		for bit := 0; bit < 8; bit++ {
			changed := append([]byte(nil), note...)
			changed[at] ^= 1 << bit
			if tree, err := openCheckpoint(l.vkey, changed); err == nil {
				t.Errorf("bit %d of byte %d (%q) can be changed: %v", bit, at, note[at], tree)
			}
		}
	}
}

// Every bit of a sample's entry and salt; and a byte of each other entry and salt, against tiles and against the
// program's own proof.
func (l *watched) changedEntries(t *testing.T) {
	random, tree := rand.New(rand.NewSource(seed)), l.newest()
	fits := func(n int64, salt []byte, entry string) bool {
		return checkRecord(tree, l.kept, n, commitment(salt, entry), nil) == nil
	}
	flipped := func(b []byte, at, bit int) []byte {
		changed := append([]byte(nil), b...)
		changed[at] ^= 1 << bit
		return changed
	}
	sample := 2 + random.Int63n(tree.N-1)
	for n := int64(2); n <= tree.N; n++ {
		w := l.entries[n]
		entry := []byte(w.Entry)
		if !fits(n, w.Salt, w.Entry) {
			t.Fatalf("entry %d as it is does not fit", n)
		}
		at, salt, bit := random.Intn(len(entry)), random.Intn(len(w.Salt)), random.Intn(8)
		if fits(n, w.Salt, string(flipped(entry, at, bit))) || fits(n, flipped(w.Salt, salt, bit), w.Entry) {
			t.Errorf("bit %d of byte %d of entry %d, or of byte %d of its salt, can be changed", bit, at, n, salt)
		}
		for i := 0; n == sample && i < 8*(len(entry)+len(w.Salt)); i++ {
			changed := flipped(append(append([]byte(nil), w.Salt...), entry...), i/8, i%8)
			if fits(n, changed[:len(w.Salt)], string(changed[len(w.Salt):])) {
				t.Errorf("bit %d of salt and entry %d can be changed", i, n)
			}
		}
	}
}

// Bytes of every tile and bundle of every checkpoint seen.
func (l *watched) changedTiles(t *testing.T) {
	const tries = 24
	random := rand.New(rand.NewSource(seed + 1))
	for _, tree := range l.trees {
		for _, tile := range tilesOf(tree) {
			paths := []string{pathOf(tile)}
			if tile.L == 0 {
				paths = append(paths, pathOf(bundleTile(tile)))
			}
			for _, path := range paths {
				data, err := l.kept(path)
				if err != nil {
					t.Fatal(err)
				}
				for i := 0; i < tries; i++ {
					changed := append([]byte(nil), data...)
					at, by := random.Intn(len(data)), byte(1+random.Intn(255))
					changed[at] ^= by
					from := func(wanted string) ([]byte, error) {
						if wanted == path {
							return changed, nil
						}
						return l.kept(wanted)
					}
					if _, err := checkTile(tree, from, tile); err == nil {
						t.Errorf("byte %d of %s in the tree of %d can be changed by %#x",
							at, path, tree.N, by)
					}
				}
			}
		}
	}
}

// ---- the tests ----

// Growing across the edges of the first tiles and stopping at them, several writers at once.
func TestPublicLog(t *testing.T) {
	t.Parallel()
	l := watchOffice(t)
	for _, n := range []int{1, 2, 3, 10, 101, 255, 256, 257, 300, 511, 512, 513, 640, 700} {
		l.growTo(n)
	}
	l.check(t)
	t.Run("changed checkpoint", l.changedCheckpoint)
	t.Run("changed entries", l.changedEntries)
	t.Run("changed tiles", l.changedTiles)
	t.Logf("%d entries, %d checkpoints, %d tiles and bundles", len(l.entries)+1, len(l.notes), len(l.seen))
}

// Stores that were never larger than this.
func TestSmallLogs(t *testing.T) {
	for _, n := range []int{1, 2, 255, 256, 257} {
		n := n
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			l := watchOffice(t)
			l.growTo(n)
			l.check(t)
			t.Run("changed checkpoint", l.changedCheckpoint)
			t.Run("changed tiles", l.changedTiles)
		})
	}
}

// Between an answer and the checkpoint that covers it there is no proof yet, only `not-yet`; then there is one.
func TestNotYet(t *testing.T) {
	t.Parallel()
	l := watchOffice(t)
	l.growTo(2)
	w, err := l.o.write("request-before-its-time", "soon", false)
	if err != nil {
		t.Fatal(err)
	}
	status, said, err := l.o.call("GET", fmt.Sprintf("/api/v1/proofs/%d", w.N), "", nil)
	var problem struct{ Type string }
	switch {
	case err != nil:
		t.Fatal(err)
	case status == 200:
		// the checkpoint was quicker than the question
	case status != 409 || json.Unmarshal(said, &problem) != nil || problem.Type != "/problems/not-yet":
		t.Fatalf("a proof that cannot be there yet: %d %s", status, said)
	}
	l.entries[w.N] = w
	l.growTo(3)
	l.checkProofs(t)
}
