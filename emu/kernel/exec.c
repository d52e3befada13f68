/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading programs: execve and the first process. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"
#include "emu/kernel/linked.h"
#include "emu/loader/elf.h"
#include "emu/loader/script.h"
#include "emu/loader/stack.h"
#include "emu/machine/registers.h"
#include "emu/world/network.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 4096, WORD_MAX = 128 << 10, WORD_BYTES = 64, SCRIPTS_MAX = 4 };

/* What is to be loaded, after scripts were followed. */
struct target {
	const struct start *start;
	struct node *program;
	char path[PATH_BYTES];      /* as it, or its interpreter, was named: AT_EXECFN */
	const char *named;          /* what was to be run, before any interpreter */
	char full[PATH_BYTES];      /* from the root */
	unsigned argc;
	struct bytes *argv;         /* owned array; texts are borrowed or in `texts` */
	char *texts[SCRIPTS_MAX * 3];
	unsigned texts_count;
	struct elf elf;
};

static void target_fini(struct target *t)
{
	for (unsigned i = 0; i < t->texts_count; i++)
		free(t->texts[i]);
	free(t->argv);
}

static int may_run(struct kernel *k, const struct process *p, const struct node *n)
{
	if (n->kind != NODE_FILE)
		return -EACCES;
	return node_may(n, &p->who, MAY_EXECUTE) ? 0 : -EACCES;
}

static int keep_word(struct target *t, unsigned at, const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		return -ENOMEM;
	t->texts[t->texts_count++] = copy;
	t->argv[at] = bytes_text(copy);
	return 0;
}

/* Puts the interpreter and the script's path before the arguments. */
static int follow_script(struct kernel *k, struct process *p, struct target *t, const struct script *s)
{
	unsigned more = *s->argument != 0 ? 2 : 1;
	struct bytes *argv = calloc(t->argc + more + 1, sizeof(*argv));
	struct walk w;
	int r;

	if (argv == NULL)
		return -ENOMEM;
	for (unsigned i = 1; i < t->argc; i++)
		argv[more + i] = t->argv[i];
	free(t->argv);
	t->argv = argv;
	t->argc = (t->argc != 0 ? t->argc : 1) + more;
	if ((r = keep_word(t, 0, s->interpreter)) < 0 || (more == 2 && (r = keep_word(t, 1, s->argument)) < 0) ||
	    (r = keep_word(t, more, t->path)) < 0)
		return r;
	if ((r = tree_walk(k->world->tree, p->place->cwd, s->interpreter, &p->who, true, &w)) < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	t->program = w.node;
	snprintf(t->path, sizeof(t->path), "%s", s->interpreter);
	walk_path(&w, t->full, sizeof(t->full));
	return may_run(k, p, w.node);
}

static int resolve(struct kernel *k, struct process *p, struct target *t)
{
	int r;

	if ((r = may_run(k, p, t->program)) < 0)
		return r;
	for (unsigned depth = 0;; depth++) {
		struct bytes file = bytes_of(t->program->data, t->program->size);
		struct script s;

		if (script_read(file, &s) < 0)
			return elf_read(file, &t->elf);
		if (depth == SCRIPTS_MAX)
			return -ELOOP;
		if ((r = follow_script(k, p, t, &s)) < 0)
			return r;
	}
}

/* A setuid or setgid program runs as its owner. */
static void take_identity(struct process *p, const struct node *n)
{
	if ((n->mode & 04000) != 0)
		p->who.uid = p->suid = n->uid;
	if ((n->mode & 02010) == 02010)
		p->who.gid = n->gid;
	p->undumpable = p->who.uid != p->ruid || p->who.gid != p->rgid;
}

static uint64_t base_of(const struct elf *e, const struct node *n, const struct space *s)
{
	enum { GAP = 0x10000 };
	uint64_t hole;

	if (e->fixed)
		return 0;
	if (n->place != 0)
		return n->place;
	hole = space_hole(s, e->end - e->start + GAP);
	return hole != 0 ? hole - e->start : 0;
}

static int load_interpreter(struct kernel *k, struct process *p, struct target *t, struct space *s, uint64_t *base,
    uint64_t *entry)
{
	struct elf e;
	struct walk w;
	int r;

	if (!walk_sysroot(k, t->elf.cpu, t->elf.interpreter, &w) &&
	    (r = tree_walk(k->world->tree, tree_root(k->world->tree), t->elf.interpreter, &p->who, true, &w)) < 0)
		return r;
	if (w.node == NULL || w.node->kind != NODE_FILE)
		return -ENOENT;
	if ((r = elf_read(bytes_of(w.node->data, w.node->size), &e)) < 0)
		return r;
	if (e.cpu != t->elf.cpu)
		return -ELIBBAD;
	*base = base_of(&e, w.node, s);
	*entry = *base + e.entry;
	return elf_load(s, &e, w.node, *base, "[interpreter]");
}

static int fill(struct kernel *k, struct process *p, struct target *t, struct space *s, uint64_t *sp, uint64_t *pc)
{
	struct range range = {
		.start = WINDOW_STACK_START, .end = WINDOW_STACK_END, .kind = RANGE_STACK,
		.protection = RANGE_READ | RANGE_WRITE, .name = "[stack]",
	};
	struct stack stack = {
		.cpu = t->elf.cpu, .argc = t->argc, .argv = t->argv, .envc = t->start->envc, .envp = t->start->envp,
		.code = t->start->code, .program = t->path, .headers_count = t->elf.headers_count,
		.headers_size = t->elf.headers_size, .uid = p->ruid, .euid = p->who.uid, .gid = p->rgid, .egid = p->who.gid,
	};
	uint64_t base = base_of(&t->elf, t->program, s);
	int r;

	s->brk_start = s->brk = space_heap((unsigned)(p->pid - k->first->pid));
	/* PowerPC's programs stand where others have their heap */
	if (t->elf.fixed && t->elf.end > WINDOW_HEAP && t->elf.start < WINDOW_IMAGES)
		s->brk_start = s->brk = t->elf.end;
	if (t->elf.executable_stack)
		range.protection |= RANGE_EXECUTE;
	if ((r = space_add(s, &range)) < 0 || (r = elf_load(s, &t->elf, t->program, base, "[program]")) < 0)
		return r;
	stack.entry = *pc = base + t->elf.entry;
	stack.headers = t->elf.headers != 0 ? base + t->elf.headers : 0;
	if (t->elf.interpreter[0] != 0 && (r = load_interpreter(k, p, t, s, &stack.interpreter_base, pc)) < 0)
		return r;
	world_random_bytes(k->world, stack.random, sizeof(stack.random));
	return stack_build(s, &stack, sp);
}

/* Words joined, each with its NUL, in the record's memory. */
static struct bytes join_words(struct kernel *k, unsigned count, const struct bytes *words)
{
	enum { JOIN_MAX = 16 << 10 };
	static const uint8_t nul;
	size_t len = 0, at = 0;
	uint8_t *all;
	struct bytes kept;

	for (unsigned i = 0; i < count; i++)
		len += words[i].left + 1;
	if ((all = malloc(len + 1)) == NULL)
		return bytes_of(&nul, 0);
	for (unsigned i = 0; i < count; i++) {
		if (words[i].left != 0)
			memcpy(all + at, words[i].at, words[i].left);
		at += words[i].left;
		all[at++] = 0;
	}
	kept = record_keep(k->world->record, bytes_of(all, len < JOIN_MAX ? len : JOIN_MAX));
	free(all);
	return kept;
}

/* What a large program takes to start is no endless loop of the code's; how often that counts has a bound. */
static void spare_blocks(struct kernel *k, const char *program)
{
	uint64_t more = profile_own_blocks(&k->world->profile, program);

	if (more > k->limit.starts)
		more = k->limit.starts;
	k->limit.starts -= more;
	k->limit.blocks += more;
}

/* The old program is gone: handlers, descriptors marked so, names. */
static int become(struct kernel *k, struct process *p, struct target *t)
{
	struct actions *fresh = calloc(1, sizeof(*fresh));
	const char *name = strrchr(t->named, '/');
	char *program = strdup(t->full);

	if (fresh == NULL || program == NULL) {
		free(fresh);
		free(program);
		return -ENOMEM;
	}
	fresh->refs = 1;
	for (int i = 1; i <= SIGNALS && p->actions != NULL; i++)
		if (p->actions->of[i].handler == (uint64_t)(uintptr_t)SIG_IGN)
			fresh->of[i].handler = (uint64_t)(uintptr_t)SIG_IGN;
	actions_release(p->actions);
	p->actions = fresh;
	free(p->program);
	p->program = program;
	p->program_node = t->program;
	snprintf(p->name, sizeof(p->name), "%.15s", name != NULL ? name + 1 : t->named);
	timers_clear(p->group);
	p->exit_signal = SIGCHLD;
	p->own_clock = profile_own_clock(&k->world->profile, t->full);
	spare_blocks(k, t->full);
	if (t->start->unseen != 0 && t->start->unseen < t->argc) {
		t->argc--;
		memmove(&t->argv[t->start->unseen], &t->argv[t->start->unseen + 1],
		    (t->argc - t->start->unseen) * sizeof(*t->argv));
	}
	p->argv = join_words(k, t->argc, t->argv);
	p->environment = join_words(k, t->start->envc, t->start->envp);
	p->alt_size = 0;
	p->clear_tid = p->robust = 0;
	for (int fd = 0; fd < FDS_MAX && p->files != NULL; fd++)
		if (p->files->at[fd].file != NULL && p->files->at[fd].close_on_exec) {
			file_release(k, p->files->at[fd].file);
			p->files->at[fd].file = NULL;
		}
	return 0;
}

/* The other threads end, and this one is now what the process is known by. */
static void alone(struct kernel *k, struct process *p)
{
	struct process *leader = NULL;

	for (struct process *q = k->processes; q != NULL; q = q->next) {
		if (q == p || q->tgid != p->tgid)
			continue;
		if (!q->thread)
			leader = q;
		process_exit(k, q, SIGKILL);
	}
	if (leader == NULL || !p->thread)
		return;
	leader->pid = p->pid;
	leader->thread = leader->reaped = true;
	p->pid = p->tgid;
	p->thread = false;
	p->exit_signal = leader->exit_signal;
	if (k->first == leader)
		k->first = p;
}

static void start_registers(struct kernel *k, uint64_t sp, uint64_t pc)
{
	enum machine_cpu cpu = machine_cpu(k->machine);

	machine_set_role(k->machine, ROLE_SP, sp);
	machine_set_role(k->machine, ROLE_PC, pc);
	if (cpu == CPU_X86_64 || cpu == CPU_X86)
		machine_set(k->machine, GPR_RFLAGS, 0x202);
	/* position-independent code of MIPS finds itself by the register it is called through */
	if (cpu == CPU_MIPS || cpu == CPU_MIPSEL)
		machine_set(k->machine, MIPS_T9, pc);
}

int exec_load(struct kernel *k, struct process *p, const struct start *start, const struct walk *at, const char *path)
{
	struct target t = { .start = start, .program = at->node, .argc = start->argc, .named = path };
	struct machine_context *fresh = NULL;
	struct space *s = NULL;
	uint64_t sp, pc;
	int r = -ENOMEM;

	snprintf(t.path, sizeof(t.path), "%s", path);
	walk_path(at, t.full, sizeof(t.full));
	if ((t.argv = calloc(start->argc + 1, sizeof(*t.argv))) == NULL)
		goto out;
	if (start->argc != 0)
		memcpy(t.argv, start->argv, start->argc * sizeof(*t.argv));
	if ((r = resolve(k, p, &t)) < 0 || (r = space_new(&k->memory, &s)) < 0 ||
	    (r = machine_context_new_on(k->machine, t.elf.cpu, &fresh)) < 0)
		goto out;
	if (p->group != NULL)
		alone(k, p);
	/* no way back from here: what was there is saved only where another process shares it */
	if (p->space != NULL)
		space_note_stack(p->space, machine_role(k->machine, ROLE_SP));
	space_release(p->space);
	p->space = s;
	s = NULL;
	take_identity(p, t.program);
	if ((r = fill(k, p, &t, p->space, &sp, &pc)) < 0 || (r = become(k, p, &t)) < 0) {
		process_exit(k, p, SIGKILL);
		goto out;
	}
	p->vfork_parent = 0;
	/* a program of another processor has other registers */
	machine_context_free(p->context);
	p->context = fresh;
	fresh = NULL;
	abi_frames_drop(p);
	p->abi = abi_of(t.elf.cpu, PERSONALITY_LINUX);
	p->areas = 0;
	machine_context_load(k->machine, p->context);
	k->loaded = p;
	start_registers(k, sp, pc);
	linked_begin(p, t.start, sp);
out:
	machine_context_free(fresh);
	space_release(s);
	target_fini(&t);
	return r;
}

/* Copies an array of guest strings. -E2BIG, -EFAULT, -ENOMEM. */
static int words(struct kernel *k, uint64_t at, unsigned *count, struct bytes **ret)
{
	struct bytes *list = calloc(WORDS_MAX, sizeof(*list));
	size_t total = 0;
	int r = list == NULL ? -ENOMEM : 0;

	*count = 0;
	while (r == 0 && at != 0) {
		uint64_t where = 0, len = 0;
		const uint8_t *from;
		char *copy;

		if ((r = abi_get_word(k, k->current->abi_now, at, &where)) < 0 || where == 0)
			break;
		at += abi_word(k->current->abi_now);
		len = space_reach(k->current->space, where, WORD_MAX, RANGE_READ);
		from = len != 0 ? guest_read(k, where, len) : NULL;
		if (from == NULL || memchr(from, 0, len) == NULL) {
			r = len == WORD_MAX ? -E2BIG : -EFAULT;
			break;
		}
		len = strlen((const char *)from);
		total += len + 1;
		kernel_charge(k, len + WORD_BYTES);
		if (*count == WORDS_MAX - 1 || total > (512 << 10)) {
			r = -E2BIG;
			break;
		}
		if ((copy = malloc(len + 1)) == NULL) {
			r = -ENOMEM;
			break;
		}
		memcpy(copy, from, len + 1);
		list[(*count)++] = bytes_of(copy, len);
	}
	*ret = list;
	return r;
}

static void words_free(struct bytes *list, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		free((void *)(uintptr_t)list[i].at);
	free(list);
}

/* A name that the profile's multi-call program does not answer to is a program that is not there: which. */
static const char *left_out(struct kernel *k, const struct node *n, unsigned argc, const struct bytes *argv)
{
	const char *name;

	if (!n->limited || argc == 0)
		return NULL;
	name = strrchr((const char *)argv[0].at, '/');
	name = name != NULL ? name + 1 : (const char *)argv[0].at;
	if (*name == '-')
		name++;
	if (strcmp(name, "busybox") == 0 && argc > 1)
		name = (const char *)argv[1].at;
	return *name != '-' && !profile_has_applet(&k->world->profile, name) ? name : NULL;
}

static void tell(struct kernel *k, const char *path, struct bytes argv)
{
	struct event *event = world_event(k->world, EVENT_EXEC);

	if (event == NULL)
		return;
	event->path = world_keep_text(k->world, path);
	event->argv = argv;
}

static int64_t execute(struct kernel *k, struct node *dir, uint64_t path_at, uint64_t argv_at, uint64_t envp_at)
{
	struct process *p = k->current;
	struct bytes *argv = NULL, *envp = NULL;
	struct start start = { .code = -1 };
	char path[PATH_BYTES];
	const char *name;
	struct walk w;
	int r;

	if ((r = space_string(p->space, path_at, path, sizeof(path))) < 0)
		return r;
	if ((r = words(k, argv_at, &start.argc, &argv)) < 0 || (r = words(k, envp_at, &start.envc, &envp)) < 0)
		goto out;
	/* a bare name is what is left when a shell found no such program: that was asked already */
	if (strchr(path, '/') != NULL)
		r = walk_text(k, dir, path, true, &w);
	else
		r = tree_walk(k->world->tree, dir, path, &p->who, true, &w);
	if (r < 0)
		goto out;
	r = -ENOENT;
	if (w.node == NULL)
		goto out;
	if ((name = left_out(k, w.node, start.argc, argv)) != NULL &&
	    !record_ask(k->world->record, QUESTION_PROGRAM, name, false))
		goto out;
	start.argv = argv;
	start.envp = envp;
	if ((r = exec_load(k, p, &start, &w, path)) < 0)
		goto out;
	p->restarted = true;
	if (k->attack)
		network_talk(k->world->network);
	tell(k, p->program, p->argv);
out:
	/* what an attack's code wants to run tells of it, also where this server has it not */
	if (r == -ENOENT && k->attack && p->program_node == NULL)
		tell(k, path, join_words(k, start.argc, argv));
	words_free(argv, start.argc);
	words_free(envp, start.envc);
	return r;
}

int64_t sys_execve(struct kernel *k, const uint64_t *a)
{
	return execute(k, k->current->place->cwd, a[0], a[1], a[2]);
}

int64_t sys_execveat(struct kernel *k, const uint64_t *a)
{
	int error = 0;
	struct node *dir = at_directory(k, a[0], &error);

	return dir != NULL ? execute(k, dir, a[1], a[2], a[3]) : error;
}
