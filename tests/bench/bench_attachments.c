/* Attachments in one process, each figure beside its limit: a picture of 12 megapixels made anew,
 * files sealed and opened. The pictures are patterns under noise, which is harder than a photo.
 * Needs a folder on a real disk: $TMPDIR, else the working folder. */
#include "app/kernel.h"
#include "journal/blobs.h"
#include "media/media.h"
#include "picture.h"

#include <ftw.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WIDTH 4000
#define HEIGHT 3000
#define ROUNDS 20u
#define BLOB_BYTES (1u << 20)
#define BLOBS 100u

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(enum err e, const char *what)
{
	if (e == ERR_OK)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, err_info(e)->name);
	exit(1);
}

static void figure(const char *what, double got, const char *unit, const char *relation,
		   double limit)
{
	printf("%-58s %12.1f %-10s %s %.1f\n", what, got, unit, relation, limit);
	fflush(stdout);
}

/* In a process of its own, so that its memory does not count. */
static void make_picture(const char *path, int quality)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		VipsImage *image, *noise = NULL, *sum = NULL, *bytes = NULL, *rgb = NULL;
		if (vips_init("bench") != 0)
			_exit(1);
		image = picture_make(WIDTH, HEIGHT, 1);
		if (vips_gaussnoise(&noise, WIDTH, HEIGHT, "sigma", 20.0, "mean", 0.0, NULL) != 0 ||
		    vips_add(image, noise, &sum, NULL) != 0 ||
		    vips_cast_uchar(sum, &bytes, NULL) != 0 ||
		    vips_copy(bytes, &rgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) != 0)
			_exit(1);
		_exit(vips_image_write_to_file(rgb, path, "Q", quality, NULL) != 0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		must(ERR_STORE, path);
}

static struct bytes read_file(const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "rb");
	uint8_t *p = NULL;

	if (!f || fstat(fileno(f), &st) != 0 || !(p = malloc((size_t)st.st_size)) ||
	    fread(p, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		must(ERR_STORE, path);
	fclose(f);
	return (struct bytes){p, (size_t)st.st_size};
}

static double peak_mib(void)
{
	struct rusage u;

	return getrusage(RUSAGE_SELF, &u) == 0 ? (double)u.ru_maxrss / 1024 : 0;
}

/* One picture in a process of its own, as one command would; then more, for the time. */
static void clean(const char *path, const char *what, double ms_max, double mib_max)
{
	struct bytes file = read_file(path);
	struct media_options options = {.evidence = true};
	struct media_picture p;
	enum media_kind kind;
	double before, from, took;
	char line[80];

	fflush(stdout);
	pid_t child = fork();
	if (child != 0) {
		int status = 0;
		if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
			must(ERR_INTERNAL, what);
		return;
	}
	from = now_ms();
	must(media_warm_up(), "warm-up");
	took = now_ms() - from;
	before = peak_mib();
	must(media_sniff(file, MEDIA_IMAGE, &kind, NULL), "sniff");
	must(media_clean(file, kind, &options, &p, NULL), "clean");
	media_picture_fini(&p);
	snprintf(line, sizeof line, "%s to 2,048: memory above the process", what);
	figure(line, peak_mib() - before, "MiB", "<=", mib_max);
	from = now_ms();
	for (unsigned i = 0; i < ROUNDS; i++) {
		must(media_clean(file, kind, &options, &p, NULL), "clean");
		media_picture_fini(&p);
	}
	snprintf(line, sizeof line, "%s to 2,048: time", what);
	figure(line, (now_ms() - from) / ROUNDS, "ms", "<=", ms_max);
	if (kind == MEDIA_JPEG)
		figure("load libvips", took, "ms", "<=", 200);
	exit(0);
}

static void blobs(const char *dir)
{
	struct kernel_entropy random;
	struct entropy entropy = kernel_entropy(&random);
	struct blob_store store = {dir, &entropy};
	static uint8_t content[BLOB_BYTES];
	static struct blob made[BLOBS];
	struct blob_content c;
	double from = now_ms();

	for (unsigned i = 0; i < BLOBS; i++)
		must(blob_put(&store, (struct bytes){content, sizeof content}, &made[i]), "put");
	figure("seal 1 MiB, three syncs included", (now_ms() - from) / BLOBS, "ms", "<=", 30);
	from = now_ms();
	for (unsigned i = 0; i < BLOBS; i++) {
		must(blob_open(&store, &made[i].hash, &made[i].key, &c), "open");
		blob_content_fini(&c);
	}
	figure("open, hash and tags checked", BLOBS * 1e3 / (now_ms() - from), "MiB/s", ">=", 150);
	from = now_ms();
	for (unsigned i = 0; i < BLOBS; i++)
		must(blob_check(&store, &made[i].hash, made[i].bytes, true), "check");
	figure("hash alone, as doctor --deep does", BLOBS * 1e3 / (now_ms() - from), "MiB/s",
	       ">=", 300);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char dir[300], jpeg[320], heic[320];

	snprintf(dir, sizeof dir, "%s/liren-bench-XXXXXX", tmp && *tmp ? tmp : ".");
	if (!mkdtemp(dir))
		must(ERR_STORE, "folder");
	snprintf(jpeg, sizeof jpeg, "%s/new-picture.jpg", dir);
	snprintf(heic, sizeof heic, "%s/new-picture.heic", dir);
	make_picture(jpeg, 90);
	make_picture(heic, 60);
	clean(jpeg, "JPEG of 12 megapixels", 1000, 120);
	clean(heic, "HEIC of 12 megapixels", 5000, 500);
	blobs(dir);
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 1;
}
