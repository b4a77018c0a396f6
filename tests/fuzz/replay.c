/* Runs each file of a corpus folder through the fuzz target that it is linked with, in order of
 * their names. Needs no libFuzzer. Ends with the count; a property that does not hold aborts behind
 * the name of its file. */
#include <dirent.h>
#include <errno.h>

#include "fuzz.h"

#define INPUT_BYTES_MAX 65536u

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int not_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int replay_file(const char *folder, const char *name)
{
	char path[4096];
	uint8_t *input = fuzz_alloc(INPUT_BYTES_MAX), *exact;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		free(input);
		return 1;
	}
	n = fread(input, 1, INPUT_BYTES_MAX, f);
	fclose(f);
	exact = fuzz_alloc(n);
	memcpy(exact, input, n);
	free(input);
	printf("%s\n", name);
	fflush(stdout);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent **entries;
	int n = argc == 2 ? scandir(argv[1], &entries, not_hidden, by_name) : -1;
	int failed = 0;

	if (n <= 0) {
		fprintf(stderr, "usage: %s <corpus folder with at least one file>\n", argv[0]);
		return 2;
	}
	for (int i = 0; i < n; i++) {
		failed += replay_file(argv[1], entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (failed == 0)
		printf("%d inputs replayed, every property held\n", n);
	return failed > 0;
}
