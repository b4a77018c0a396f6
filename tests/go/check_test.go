//go:build !nosumdb

// What a stranger does with a log who has only formats/journal.md and Go's own implementation of such logs
// (golang.org/x/mod/sumdb): the checks, each an error where something does not fit. Nothing here knows the
// program.
package log

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	goOrigin   = "go.sum database tree\n" // the first line that tlog wants in the place of ours
)

// A source gives the bytes behind a path below /log/.
type source func(path string) ([]byte, error)

// pathOf is where C2SP puts a tile that Go calls tile/8/…; level −1 is the bundle of entries.
func pathOf(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// tiles lets tlog read from a source.
type tiles struct{ from source }

func (tiles) Height() int                     { return tileHeight }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (r tiles) ReadTiles(wanted []tlog.Tile) (data [][]byte, err error) {
	for _, t := range wanted {
		d, err := r.from(pathOf(t))
		if err != nil {
			return nil, err
		}
		data = append(data, d)
	}
	return data, nil
}

func reader(tree tlog.Tree, from source) tlog.HashReader {
	return tlog.TileHashReader(tree, tiles{from})
}

// openCheckpoint checks a signed note under the key line and reads the tree it speaks of. Base64 has one
// spelling: bits beyond the last byte are no place to hide a change in.
func openCheckpoint(vkey string, msg []byte) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	n, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return tlog.Tree{}, errors.New("not exactly one signature")
	}
	if _, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64); err != nil {
		return tlog.Tree{}, err
	}
	origin := verifier.Name() + "\n"
	if !strings.HasPrefix(n.Text, origin) {
		return tlog.Tree{}, errors.New("the origin is not the key's name")
	}
	text := goOrigin + n.Text[len(origin):]
	tree, err := tlog.ParseTree([]byte(text))
	if err == nil && string(tlog.FormatTree(tree)) != text {
		err = errors.New("a tree in another spelling")
	}
	return tree, err
}

func commitment(salt []byte, entry string) []byte {
	c := sha256.Sum256([]byte("liren-entry-1" + string(salt) + entry))
	return c[:]
}

// checkRecord proves commitment c of entry n through tiles, and by `given` where that is a path from elsewhere.
func checkRecord(tree tlog.Tree, from source, n int64, c []byte, given tlog.RecordProof) error {
	p := given
	if p == nil {
		var err error
		if p, err = tlog.ProveRecord(tree.N, n-1, reader(tree, from)); err != nil {
			return err
		}
	}
	return tlog.CheckRecord(p, tree.N, tree.Hash, n-1, tlog.RecordHash(c))
}

// checkGrowth proves that the newer tree begins with the older one.
func checkGrowth(older, newer tlog.Tree, from source) error {
	p, err := tlog.ProveTree(newer.N, older.N, reader(newer, from))
	if err != nil {
		return err
	}
	return tlog.CheckTree(p, newer.N, newer.Hash, older.N, older.Hash)
}

// bundleTile is the bundle that goes with a tile of level 0.
func bundleTile(t tlog.Tile) tlog.Tile {
	t.L = -1
	return t
}

// checkTile checks one tile against the tree; one of level 0 together with its bundle, whose commitments it
// gives.
func checkTile(tree tlog.Tree, from source, t tlog.Tile) (commitments [][]byte, err error) {
	var indexes []int64
	for i := 0; i < t.W; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(t.L*tileHeight, t.N*tileWidth+int64(i)))
	}
	hashes, err := reader(tree, from).ReadHashes(indexes)
	if err != nil || t.L > 0 {
		return nil, err
	}
	bundle, err := from(pathOf(bundleTile(t)))
	if err != nil {
		return nil, err
	}
	for i := 0; i < t.W; i++ {
		if len(bundle) < 2+tlog.HashSize || bundle[0] != 0 || bundle[1] != tlog.HashSize {
			return nil, errors.New("an entry of a bundle is not 32 bytes behind their length")
		}
		c := bundle[2 : 2+tlog.HashSize]
		bundle = bundle[2+tlog.HashSize:]
		if tlog.RecordHash(c) != hashes[i] {
			return nil, fmt.Errorf("commitment %d of a bundle is not the leaf of the tile", i)
		}
		commitments = append(commitments, c)
	}
	if len(bundle) != 0 {
		return nil, errors.New("a bundle goes on behind its last entry")
	}
	return commitments, nil
}

// tilesOf lists the tiles of a tree, each as wide as it is.
func tilesOf(tree tlog.Tree) (all []tlog.Tile) {
	for level, hashes := 0, tree.N; hashes > 0; level, hashes = level+1, hashes/tileWidth {
		for n := int64(0); n*tileWidth < hashes; n++ {
			t := tlog.Tile{H: tileHeight, L: level, N: n, W: tileWidth}
			if left := hashes - n*tileWidth; left < tileWidth {
				t.W = int(left)
			}
			all = append(all, t)
		}
	}
	return all
}

// checkTiles checks every tile and bundle of a tree, and gives the commitments of all entries.
func checkTiles(tree tlog.Tree, from source) (commitments [][]byte, err error) {
	for _, t := range tilesOf(tree) {
		c, err := checkTile(tree, from, t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", pathOf(t), err)
		}
		commitments = append(commitments, c...)
	}
	if int64(len(commitments)) != tree.N {
		return nil, fmt.Errorf("%d commitments in a tree of %d", len(commitments), tree.N)
	}
	return commitments, nil
}

// checkEntry reads a written entry as anybody may who holds it: its number, its kind, and that the text shown
// is the one the office bound itself to.
func checkEntry(w written) error {
	var entry struct {
		N    int64
		Kind string
		Data map[string]struct{ C, H []byte }
	}
	if err := json.Unmarshal([]byte(w.Entry), &entry); err != nil {
		return err
	}
	if entry.N != w.N || entry.Kind != "line.written" || len(w.Salt) != 32 || len(w.Secret) != 16 {
		return fmt.Errorf("answer %d does not fit its entry %s", w.N, w.Entry)
	}
	for field, value := range w.Values {
		h := sha256.Sum256([]byte("liren-value-1" + string(value.Blind) + value.Text))
		if len(value.Blind) != 16 || !bytes.Equal(h[:], entry.Data[field].H) {
			return fmt.Errorf("field %s of entry %d is not bound to its text", field, w.N)
		}
	}
	if len(w.Values) != 1 {
		return fmt.Errorf("entry %d came with %d values", w.N, len(w.Values))
	}
	return nil
}
