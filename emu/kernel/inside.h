/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of emu/kernel share: processes, descriptors, waits, budgets. */
#ifndef EMU_KERNEL_INSIDE_H
#define EMU_KERNEL_INSIDE_H

#include "emu/kernel/kernel.h"
#include "emu/world/fastcgi.h"

#include <errno.h>

enum {
	FDS_MAX = 1024, /* what a process may have open where nobody said otherwise; scripts do use numbers above 100 */
	PROCESSES_MAX = 32,
	SIGNALS = 64,
	PIPE_BYTES = 65536,
	QUANTUM = 20000, /* blocks before another process gets its turn */
	QUEUED_MAX = 32, /* real-time signals that wait, as RLIMIT_SIGPENDING bounds them: then -EAGAIN */
	MOUNTS_MAX = 32,
	TIMERS_MAX = 32, /* timer_create()s of a process: then -EAGAIN */
};

/* A system call that cannot go on yet: process->wait tells for what. */
#define CALL_WAITS (-0x10000)

struct file;
struct file_kind {
	const char *name;
	/* Return bytes, -errno or -EAGAIN (the caller waits, unless O_NONBLOCK). */
	int64_t (*read)(struct kernel *, struct file *, uint8_t *to, uint64_t len);
	int64_t (*write)(struct kernel *, struct file *, const uint8_t *from, uint64_t len);
	short (*poll)(struct kernel *, struct file *); /* POLLIN, POLLOUT, … that hold now */
	void (*close)(struct kernel *, struct file *);
	uint64_t (*arrived)(const struct file *); /* grows with all that comes to be read; NULL: nobody counts */
};

/* An open file description. */
struct file {
	unsigned refs;
	const struct file_kind *kind;
	int flags;            /* O_* */
	uint64_t offset;
	struct node *node;    /* NULL for what has none */
	char *path;           /* owned; as /proc/self/fd shows it */
	struct event *event;  /* of writing */
	union {
		struct pipe *pipe;
		struct socket *socket;
		struct epoll *epoll;
		struct clock_file *clock;
		struct notices *notices;
		uint64_t signals;     /* of a signalfd: those it gives */
		struct { uint64_t count; bool one; } event_count; /* of an eventfd */
		enum stream stream;
	};
};

struct descriptor {
	struct file *file;
	bool close_on_exec;
};

struct files {
	unsigned refs;
	struct descriptor at[FDS_MAX];
};

/* Where a process is in the tree. */
struct place {
	unsigned refs;
	struct node *cwd;
	unsigned umask;
};

struct action {
	uint64_t handler, flags, restorer, mask;
};
struct actions {
	unsigned refs;
	struct action of[SIGNALS + 1];
};

/* What comes with a signal, as its handler and those who wait for it see it. */
struct signal_info {
	int number, code, pid, status, timer; /* status: of a child; timer: its number, where code is SI_TIMER */
	uint32_t uid;
	uint64_t value, address;
};

/* Signals that wait to be taken, of one thread or of a whole process. */
struct pending {
	uint64_t set;
	unsigned queued_count;
	struct signal_info of[32];              /* of each ordinary one: the first that came */
	struct signal_info queued[QUEUED_MAX];  /* the others, as they came */
};

struct interval {
	uint64_t at_ns, every_ns; /* of the clock it counts; 0: not set */
};

struct timer {
	bool used, thread;   /* thread: the signal is for thread `to` alone */
	uint64_t clock;
	int number, to, overrun;
	uint64_t value;
	struct interval when;
};

/* What the threads of a process have in common and keep over an exec. */
struct group {
	unsigned refs;
	struct pending pending;
	bool stopped, stop_news, continue_news; /* news: for a parent that waits */
	bool ending;                            /* all threads end with end_status */
	int stop_signal, end_status;
	struct interval timers[3];              /* ITIMER_* */
	int posix_end;                          /* no timer of posix is used from here on */
	struct timer posix[TIMERS_MAX];
	uint64_t cpu_ns, children_cpu_ns;
};

enum process_state { PROCESS_READY, PROCESS_WAITING, PROCESS_ZOMBIE };

struct watch {
	struct file *file; /* borrowed: the waiting process holds its descriptor */
	short events;
};

/* What a waiting process waits for: any of these. */
struct wait {
	uint64_t deadline_ns;    /* virtual; 0: none */
	bool timed;              /* deadline_ns was set when the call began */
	unsigned child;          /* news of a child: options as waitid has them; 0: of none */
	int child_pid;           /* of which, as wait4 has it */
	bool signal;             /* only a signal */
	int behind;              /* that this process has had its turn after a fork; 0: none */
	bool lock;               /* that a lock on a file goes, since */
	uint64_t lock_changes;
	uint64_t signal_set;     /* one of these, though it is blocked */
	bool vfork;              /* the child has its own space, or ended */
	uint64_t futex;          /* address, or offset in shared memory; valid with futex_home */
	const void *futex_home;  /* the space or the shared memory; NULL: it waits for none */
	uint32_t futex_bits;
	bool woken;
	unsigned watches_count;
	struct watch watches[FDS_MAX];
};

struct process {
	struct process *next;
	int pid, tgid, ppid, pgid, sid;
	enum process_state state;
	struct machine_context *context;
	struct space *space;
	struct files *files;
	struct place *place;
	struct actions *actions;
	struct identity who;
	bool undumpable;          /* it had another's power: what /proc tells of it is root's */
	uint32_t ruid, suid, rgid; /* real and saved; who.uid and who.gid are the effective ones */
	uint64_t mask, saved_mask;
	struct pending pending;
	struct group *group;
	bool restore_mask;
	uint64_t alt_stack, alt_size;
	unsigned kept_count;     /* of another processor: registers that its signal frames do not hold */
	struct { uint64_t at; struct machine_context *context; } kept[8];
	int alt_flags;
	int exit_status;         /* as wait4 tells it */
	int exit_signal;         /* what its parent gets then; 0: nothing */
	int death_signal;        /* what it gets when its parent ends: PR_SET_PDEATHSIG */
	uint64_t cpu_ns;         /* virtual: what it ran itself */
	int nice;                /* -20..19; nothing is scheduled by it */
	unsigned own_clock;      /* how often it will still ask the time for reasons of its own */
	int vfork_parent;        /* who waits until it leaves the space they share, by exec or exit; 0: nobody */
	bool reaped, thread;
	bool behind;             /* its child runs first, while on a real machine both would go on */
	bool ended;              /* a zombie of which no thread is left: its parent may know */
	uint64_t broken_ns;      /* the deadline of the call that a signal broke; 0: none */
	uint64_t clear_tid, robust;
	const struct abi *abi;   /* of its program; NULL: x86-64's */
	const struct abi *abi_now; /* of the call it is in */
	uint64_t call[7];        /* the system call it is in */
	uint16_t call_native;    /* where abi_now is one: x86-64's number of it */
	bool call_time64;
	uint16_t areas;          /* of x86: segments given by set_thread_area, one bit each */
	bool in_call, restarted;
	bool broken;             /* the last call ended with -EINTR */
	struct wait wait;
	struct file *opening;    /* a named pipe whose other end nobody has opened yet */
	char name[16];
	char *program;           /* owned: path of what it runs */
	struct node *program_node;
	struct bytes argv;       /* words, each ended by NUL; owned by the record */
	struct bytes environment;
	uint64_t limits[16][2];
	uint64_t linking_sp;     /* while its loader works: where its arguments stand; else 0 (linked.h) */
};

struct budget {
	uint64_t starts; /* blocks beyond the others, for programs of their own need */
	uint64_t blocks, calls, rounds, copied, memory, files, virtual_ns;
	unsigned processes, forks, connects, refused;
};

/* What the first process reads: see given.c. */
struct given {
	enum given_kind kind;
	bool there;                 /* the bytes have come */
	struct bytes bytes;         /* borrowed for the run; those that nobody has read yet */
	struct fastcgi_reply reply;
};

struct kernel {
	struct world *world;
	struct bounce *bounce;    /* of emu/kernel/abi; NULL: no foreign call was made yet */
	struct machine *machine;  /* of the run's kind */
	struct machine *machines[KERNEL_KINDS]; /* owned; NULL: none of its own */
	struct memory memory;
	struct process *processes, *current, *first;
	struct file *connection;  /* that brought the attack, held; NULL: the run is of no machine code */
	struct process *loaded;   /* whose registers are in the machine */
	int last_pid;
	struct budget limit;
	uint64_t calls, rounds;
	unsigned forks, connects, pipes;
	unsigned refused;         /* descriptors that a process with FDS_MAX of them asked for */
	uint64_t unknown_calls;
	bool attack;              /* the first process is an attack's code, made for kernels that allowed more */
	bool over;                /* a budget is used up, or the run is done */
	bool late;                /* the first process ended; its descendants finish */
	enum stopped_by why;
	struct process *asking;   /* for whom files are polled */
	struct epoll *epolls;     /* of all processes */
	struct socket *sockets;   /* of all processes */
	struct socket *own;       /* the connection that an attack's code came over; NULL: none, or closed */
	unsigned own_asked;       /* how often the code asked for its port */
	bool own_told;            /* and whether it was told what it looks for */
	struct lock *locks;       /* on files, of all processes */
	unsigned locks_count;
	uint64_t lock_changes;    /* grows with each lock that goes */
	uint64_t mounts[MOUNTS_MAX]; /* device numbers, by node->mount */
	uint8_t proc_mount;
	struct clock_file *clocks; /* timerfd's, of all processes */
	bool leave;               /* the handler asks for the scheduler */
	bool quantum_over;        /* others come first */
	bool outside;             /* a handler runs between two machine_run()s */
	struct given given;
	uint64_t blocks_seen;     /* of the machine, turned into virtual time */
	bool running;             /* kernel_run() is */
	struct linked *linked, *linking; /* see linked.h: known; and what is being kept */
	unsigned linked_pages;    /* of all of them */
};

/* Handlers: a[0..6) are the arguments; the result is a value, -errno or CALL_WAITS. Their subject's file has them. */
struct call {
	const char *name;
	int64_t (*run)(struct kernel *, const uint64_t *a);
	bool outside; /* changes processes or their registers: not run within the machine's hook */
};
const struct call *call_find(uint64_t number);

/* kernel.c: the first process without a program: the profile's user, with nothing to read and two streams */
int kernel_first_process(struct kernel *);

/* given.c */
/* Puts in place of a first process's standard input what it is to wait for. -ENOMEM. */
int given_open(struct kernel *, struct files *, enum given_kind);
int given_arrive(struct kernel *, struct files *, struct bytes); /* the bytes are there now: borrowed for the run */
bool given_awaited(const struct kernel *, const struct process *); /* has it come to ask for them? */
bool given_answered(const struct kernel *); /* a request, and its answer is whole */

/* schedule.c */
void kernel_stop(struct kernel *, enum stopped_by);
void kernel_syscall(void *kernel); /* the machine's hook */
/* Counts bytes that the host moves for the guest, or work that takes as long; past the budget the run ends. */
void kernel_charge(struct kernel *, uint64_t bytes);
void kernel_call(struct kernel *, const struct call *); /* of the current process, in the machine's hook; NULL: none */
/*
 * Could the current process run for so many blocks and make so many calls with nobody else's turn, timer, or a budget's end between?
 * Then they may be counted without running: as many blocks, time, and turns.
 */
bool schedule_may_skip(struct kernel *, uint64_t blocks, unsigned calls);
void schedule_skip(struct kernel *, uint64_t blocks);
/* A call's result, where its ABI has it. */
void kernel_result(struct kernel *, struct process *, int64_t r);

/* abi/entry.c: the call that the loaded process is in, by its registers; NULL: there is none of this number */
const struct call *abi_enter(struct kernel *, struct process *);
bool abi_trap(void *kernel, uint32_t number); /* the machine's hook for software interrupts */
int64_t abi_perform(struct kernel *, struct process *);
void abi_result(struct kernel *, struct process *, int64_t r);
const struct abi *abi_of(enum machine_cpu, enum personality); /* NULL: x86-64's own */
/* Back to the call's instruction, its registers as they were. */
void abi_rewind(struct kernel *, struct process *);
/* abi/frames.c */
bool abi_frame_push(struct kernel *, struct process *, const struct signal_info *, const struct action *);
void abi_frames_drop(struct process *); /* forgets what is kept beside them */
uint32_t abi_order(const struct process *, uint32_t v); /* as the process has it in its memory */
/* abi/convert.c: host memory of an address that only handlers are given; NULL: it is none */
void *abi_bounce_at(struct kernel *, uint64_t at, uint64_t len);
unsigned abi_word(const struct abi *); /* its bytes */
int abi_word_at(const struct space *, const struct abi *, uint64_t at, uint64_t *ret); /* -EFAULT */
int abi_get_word(struct kernel *, const struct abi *, uint64_t at, uint64_t *ret); /* -EFAULT */
void abi_store(const struct abi *, uint8_t *at, unsigned len, uint64_t v);
bool kernel_is_behind(struct kernel *, int pid); /* has not gone on since it forked */
void kernel_clock(struct kernel *); /* turns blocks into virtual time */
void wait_for_file(struct process *, struct file *, short events);
/* Sets the deadline once for a call, whatever often it is tried again; true if it has passed. */
bool wait_until(struct kernel *, uint64_t after_ns);

/* process.c */
struct process *process_new(struct kernel *);
void process_free(struct kernel *, struct process *);
struct process *process_find(struct kernel *, int pid);
void process_exit(struct kernel *, struct process *, int status); /* status as wait4 tells it */
void processes_clear(struct kernel *);
/* kernel.c: the machine that runs of this kind have, from now on */
void kernel_choose(struct kernel *, unsigned kind);
void process_end_group(struct kernel *, struct process *, int status); /* and all its threads */
void place_release(struct place *);
struct group *group_new(void);
void group_release(struct group *);
void actions_release(struct actions *);

/* files.c */
struct files *files_new(void);
struct files *files_copy(struct kernel *, const struct files *);
void files_release(struct kernel *, struct files *);
struct file *file_new(const struct file_kind *, int flags);
void file_release(struct kernel *, struct file *);
struct file *file_at(struct kernel *, uint64_t fd); /* of the current process; NULL: -EBADF */
int fd_put(struct kernel *, struct file *, int lowest, bool close_on_exec); /* takes the file; fd or -EMFILE */
int64_t file_wait(struct kernel *, struct file *, short events); /* what a call returns that found -EAGAIN */

/* paths.c */
struct node *at_directory(struct kernel *, uint64_t fd, int *error);
/* Walks the path at a guest address; asks the open-world question where nothing is there. -errno. */
int walk_guest(struct kernel *, uint64_t at_fd, uint64_t path, bool follow, struct walk *ret);
/* A library of a processor that is not x86-64, from the profile's sysroots; false: it is not there. */
bool walk_sysroot(struct kernel *, enum machine_cpu, const char *path, struct walk *ret);
int walk_text(struct kernel *, struct node *dir, const char *path, bool follow, struct walk *ret);
void walk_path(const struct walk *, char *buf, size_t size); /* the absolute path it came to */
struct event *tell_path(struct kernel *, enum event_kind, const struct walk *); /* an event of that path; NULL: no room */
struct bytes tell_text(struct kernel *, const char *format, ...) __attribute__((format(printf, 2, 3))); /* short, kept */
int64_t file_open_node(struct kernel *, struct node *, const char *path, int flags);
/* Opens a node without a process: -errno. */
int file_from_node(struct kernel *, struct node *, const char *path, int flags, struct file **ret);
extern const struct file_kind file_capture;
struct file *capture_new(enum stream);

/* poll.c, for epoll: what to do when nothing is ready; signals that are blocked only while the call waits */
int64_t poll_nothing(struct kernel *, uint64_t timeout_ns); /* UINT64_MAX: no timeout */
int poll_set_mask(struct kernel *, uint64_t at);
void poll_unset_mask(struct kernel *);

/* wait.c: is there what this process waits for? */
bool wait_has_news(const struct kernel *, const struct process *);

/* epoll.c */
void epoll_forget(struct kernel *, struct file *); /* a file that is closed for good */
bool file_is_outside(const struct file *);         /* what comes from it comes from a peer */

extern const struct file_kind file_count; /* clockfile.c: of an eventfd */
/* clockfile.c: when the next timerfd goes off; virtual; UINT64_MAX: none */
uint64_t clocks_next(const struct kernel *);

/*
 * own.c: which number the attack's own connection has is the victim's to know. So whatever low number its code uses without
 * having opened it becomes that; a socket that it makes still gets the number that code written for a bare process counts
 * on. NULL: it means another, or the run is of no machine code.
 */
struct file *own_file(struct kernel *, uint32_t fd);

/* pipe.c, devices.c, regular.c, socket.c */
extern const struct file_kind file_pipe_reader, file_pipe_writer, file_pipe_both, file_regular, file_directory, file_device,
    file_socket;

int pipe_open_named(struct kernel *, struct node *, int flags, struct file **ret);
int pipe_waiting(const struct file *); /* bytes that can be read */
unsigned pipe_number(const struct file *); /* of a pipe's both ends; 0: it is none */
bool pipe_has_other_end(const struct file *);

/* signal.c */
void signal_send(struct kernel *, struct process *, int number); /* to this thread, by the kernel */
/* To one thread, or to whichever thread of its process takes it. -EAGAIN: too many wait. */
int signal_post(struct kernel *, struct process *, const struct signal_info *, bool whole);
uint64_t signal_pending(const struct process *);
bool signal_waiting(const struct process *); /* one that is not blocked and not ignored */
/* Takes the first of a set that waits. False: there is none. */
bool signal_take(struct process *, uint64_t set, struct signal_info *ret);
void signal_info_encode(const struct signal_info *, uint8_t ret[128]); /* as siginfo_t */
/* Delivers to the loaded process. false: it ended, or stopped. */
bool signal_deliver(struct kernel *, struct process *);
void signal_fault(struct kernel *, struct process *, int number);

/* frame.c: puts a frame on the stack and turns to the handler; false: no stack to put it on */
bool frame_push(struct kernel *, struct process *, const struct signal_info *, const struct action *);

/* futex.c */
void futex_wake_all(struct kernel *, struct space *, uint64_t at); /* when a thread ends */
void futex_leave_robust(struct kernel *, struct process *);        /* the locks it still held */

/* timers.c */
void timers_ring(struct kernel *);                   /* sends the signals of those whose time has come */
uint64_t timers_next(const struct kernel *);         /* virtual; UINT64_MAX: none */
void timers_clear(struct group *);                   /* at exec: all but the interval timers */

/* exec.c */
/* Loads what the walk found, named so by the caller; on failure past the point of no return the process has ended. */
int exec_load(struct kernel *, struct process *, const struct start *, const struct walk *, const char *path);

/* memory.c: a file's contents and its shared mappings, brought in step */
void mapping_gather(struct kernel *, struct node *);
void mapping_spread(struct kernel *, struct node *);
void mapping_changed(void *kernel, struct shared *);

/* lock.c */
void locks_drop(struct kernel *, const void *owner, const struct node *); /* node NULL: on all files */
int64_t lock_control(struct kernel *, struct file *, uint64_t command, uint64_t at); /* fcntl's */

/* mounts.c */
must_check int mounts_read(struct kernel *);
uint64_t mount_device(const struct kernel *, const struct node *);

/* proc.c */
struct node *proc_find(void *kernel, struct node *dir, const char *name);
int proc_furnish(struct tree *);
/* The same file of a process as it is now; NULL: it is none, or the process has gone. */
struct node *proc_again(struct kernel *, const struct node *, const char *path);
void proc_list(struct kernel *, struct node *dir); /* enters what a listing of a dynamic folder shows */

/* system.c: the text of a file of /proc that is no process's; its length, or -ENOENT */
int system_file(struct kernel *, const char *name, char *buf, size_t size);
/* The folders below /proc/sys, from "sys" on; NULL: no more. What one holds: so many names, borrowed. */
const char *system_folder(unsigned number);
size_t system_names(unsigned folder, const char **ret, size_t most);

/* time.c */
uint64_t kernel_timespec_ns(const int64_t v[2]);
uint64_t kernel_monotonic(const struct kernel *); /* ns since the server was started */

/* interfaces.c: ioctls of sockets; the text of a file below /proc/net, as system_file() */
int network_file(const struct kernel *, const char *name, char *buf, size_t size);
int64_t socket_ioctl(struct kernel *, struct file *, uint64_t request, uint64_t at);

/* socket.c, connect.c */
int socket_waiting(const struct file *);
bool socket_call(struct kernel *); /* someone calls a listener; false: nobody is left to do so */

/* Host view of guest memory of the current process; NULL: -EFAULT. */
uint8_t *guest_read(struct kernel *, uint64_t at, uint64_t len);
uint8_t *guest_write(struct kernel *, uint64_t at, uint64_t len);
int guest_put(struct kernel *, uint64_t at, const void *from, uint64_t len);
int guest_get(struct kernel *, uint64_t at, void *to, uint64_t len);

#endif
