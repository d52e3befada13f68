/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls, by subject: each file's handlers as the one table (table.c) names them. See struct call. */
#ifndef EMU_KERNEL_CALLS_H
#define EMU_KERNEL_CALLS_H

#include "emu/kernel/inside.h"

/* transfer.c */
int64_t sys_read(struct kernel *, const uint64_t *a);
int64_t sys_write(struct kernel *, const uint64_t *a);
int64_t sys_readv(struct kernel *, const uint64_t *a);
int64_t sys_writev(struct kernel *, const uint64_t *a);
int64_t sys_pread64(struct kernel *, const uint64_t *a);
int64_t sys_pwrite64(struct kernel *, const uint64_t *a);
int64_t sys_lseek(struct kernel *, const uint64_t *a);
int64_t sys_sendfile(struct kernel *, const uint64_t *a);
int64_t sys_copy_file_range(struct kernel *, const uint64_t *a);
int64_t sys_ftruncate(struct kernel *, const uint64_t *a);
int64_t sys_truncate(struct kernel *, const uint64_t *a);
int64_t sys_fallocate(struct kernel *, const uint64_t *a);
int64_t sys_sync(struct kernel *, const uint64_t *a);

/* descriptors.c */
int64_t sys_close(struct kernel *, const uint64_t *a);
int64_t sys_close_range(struct kernel *, const uint64_t *a);
int64_t sys_dup(struct kernel *, const uint64_t *a);
int64_t sys_dup2(struct kernel *, const uint64_t *a);
int64_t sys_dup3(struct kernel *, const uint64_t *a);
int64_t sys_fcntl(struct kernel *, const uint64_t *a);
int64_t sys_ioctl(struct kernel *, const uint64_t *a);

/* lock.c */
int64_t sys_flock(struct kernel *, const uint64_t *a);

/* regular.c */
int64_t sys_memfd_create(struct kernel *, const uint64_t *a);
int64_t sys_open(struct kernel *, const uint64_t *a);
int64_t sys_openat(struct kernel *, const uint64_t *a);
int64_t sys_creat(struct kernel *, const uint64_t *a);

/* pipe.c */
int64_t sys_pipe2(struct kernel *, const uint64_t *a);
int64_t sys_pipe(struct kernel *, const uint64_t *a);

/* stat.c */
int64_t sys_stat(struct kernel *, const uint64_t *a);
int64_t sys_lstat(struct kernel *, const uint64_t *a);
int64_t sys_newfstatat(struct kernel *, const uint64_t *a);
int64_t sys_fstat(struct kernel *, const uint64_t *a);
int64_t sys_statx(struct kernel *, const uint64_t *a);
int64_t sys_access(struct kernel *, const uint64_t *a);
int64_t sys_faccessat(struct kernel *, const uint64_t *a);
int64_t sys_faccessat2(struct kernel *, const uint64_t *a);
int64_t sys_readlinkat(struct kernel *, const uint64_t *a);
int64_t sys_readlink(struct kernel *, const uint64_t *a);
int64_t sys_getxattr(struct kernel *, const uint64_t *a);
int64_t sys_lgetxattr(struct kernel *, const uint64_t *a);
int64_t sys_fgetxattr(struct kernel *, const uint64_t *a);
int64_t sys_setxattr(struct kernel *, const uint64_t *a);
int64_t sys_statfs(struct kernel *, const uint64_t *a);
int64_t sys_fstatfs(struct kernel *, const uint64_t *a);
int64_t sys_getdents64(struct kernel *, const uint64_t *a);

/* names.c */
int64_t sys_mkdir(struct kernel *, const uint64_t *a);
int64_t sys_mkdirat(struct kernel *, const uint64_t *a);
int64_t sys_mknodat(struct kernel *, const uint64_t *a);
int64_t sys_mknod(struct kernel *, const uint64_t *a);
int64_t sys_symlinkat(struct kernel *, const uint64_t *a);
int64_t sys_symlink(struct kernel *, const uint64_t *a);
int64_t sys_linkat(struct kernel *, const uint64_t *a);
int64_t sys_link(struct kernel *, const uint64_t *a);
int64_t sys_unlink(struct kernel *, const uint64_t *a);
int64_t sys_rmdir(struct kernel *, const uint64_t *a);
int64_t sys_unlinkat(struct kernel *, const uint64_t *a);
int64_t sys_renameat2(struct kernel *, const uint64_t *a);
int64_t sys_renameat(struct kernel *, const uint64_t *a);
int64_t sys_rename(struct kernel *, const uint64_t *a);
int64_t sys_chdir(struct kernel *, const uint64_t *a);
int64_t sys_fchdir(struct kernel *, const uint64_t *a);
int64_t sys_getcwd(struct kernel *, const uint64_t *a);
int64_t sys_umask(struct kernel *, const uint64_t *a);

/* owners.c */
int64_t sys_fchmodat(struct kernel *, const uint64_t *a);
int64_t sys_chmod(struct kernel *, const uint64_t *a);
int64_t sys_fchmod(struct kernel *, const uint64_t *a);
int64_t sys_fchownat(struct kernel *, const uint64_t *a);
int64_t sys_chown(struct kernel *, const uint64_t *a);
int64_t sys_lchown(struct kernel *, const uint64_t *a);
int64_t sys_fchown(struct kernel *, const uint64_t *a);
int64_t sys_utimensat(struct kernel *, const uint64_t *a);
int64_t sys_utime(struct kernel *, const uint64_t *a);
int64_t sys_utimes(struct kernel *, const uint64_t *a);
int64_t sys_futimesat(struct kernel *, const uint64_t *a);

/* memory.c */
int64_t sys_brk(struct kernel *, const uint64_t *a);
int64_t sys_mmap(struct kernel *, const uint64_t *a);
int64_t sys_munmap(struct kernel *, const uint64_t *a);
int64_t sys_mprotect(struct kernel *, const uint64_t *a);
int64_t sys_mremap(struct kernel *, const uint64_t *a);
int64_t sys_madvise(struct kernel *, const uint64_t *a);
int64_t sys_msync(struct kernel *, const uint64_t *a);

/* fork.c */
int64_t sys_fork(struct kernel *, const uint64_t *a);
int64_t sys_vfork(struct kernel *, const uint64_t *a);
int64_t sys_clone(struct kernel *, const uint64_t *a);
int64_t sys_exit(struct kernel *, const uint64_t *a);
int64_t sys_exit_group(struct kernel *, const uint64_t *a);
int64_t sys_set_tid_address(struct kernel *, const uint64_t *a);

/* wait.c */
int64_t sys_wait4(struct kernel *, const uint64_t *a);
int64_t sys_waitid(struct kernel *, const uint64_t *a);

/* futex.c */
int64_t sys_futex(struct kernel *, const uint64_t *a);
int64_t sys_set_robust_list(struct kernel *, const uint64_t *a);
int64_t sys_get_robust_list(struct kernel *, const uint64_t *a);

/* exec.c */
int64_t sys_execve(struct kernel *, const uint64_t *a);
int64_t sys_execveat(struct kernel *, const uint64_t *a);

/* frame.c */
int64_t sys_rt_sigreturn(struct kernel *, const uint64_t *a);

/* signal.c */
int64_t sys_rt_sigaction(struct kernel *, const uint64_t *a);
int64_t sys_rt_sigprocmask(struct kernel *, const uint64_t *a);
int64_t sys_rt_sigpending(struct kernel *, const uint64_t *a);
int64_t sys_rt_sigsuspend(struct kernel *, const uint64_t *a);
int64_t sys_pause(struct kernel *, const uint64_t *a);

/* kill.c */
int64_t sys_rt_sigtimedwait(struct kernel *, const uint64_t *a);
int64_t sys_kill(struct kernel *, const uint64_t *a);
int64_t sys_tgkill(struct kernel *, const uint64_t *a);
int64_t sys_tkill(struct kernel *, const uint64_t *a);
int64_t sys_rt_sigqueueinfo(struct kernel *, const uint64_t *a);
int64_t sys_rt_tgsigqueueinfo(struct kernel *, const uint64_t *a);
int64_t sys_sigaltstack(struct kernel *, const uint64_t *a);

/* time.c */
int64_t sys_clock_gettime(struct kernel *, const uint64_t *a);
int64_t sys_clock_getres(struct kernel *, const uint64_t *a);
int64_t sys_gettimeofday(struct kernel *, const uint64_t *a);
int64_t sys_time(struct kernel *, const uint64_t *a);
int64_t sys_nanosleep(struct kernel *, const uint64_t *a);
int64_t sys_clock_nanosleep(struct kernel *, const uint64_t *a);
int64_t sys_times(struct kernel *, const uint64_t *a);
int64_t sys_sched_yield(struct kernel *, const uint64_t *a);

/* timers.c */
int64_t sys_alarm(struct kernel *, const uint64_t *a);
int64_t sys_getitimer(struct kernel *, const uint64_t *a);
int64_t sys_setitimer(struct kernel *, const uint64_t *a);
int64_t sys_timer_create(struct kernel *, const uint64_t *a);
int64_t sys_timer_settime(struct kernel *, const uint64_t *a);
int64_t sys_timer_gettime(struct kernel *, const uint64_t *a);
int64_t sys_timer_getoverrun(struct kernel *, const uint64_t *a);
int64_t sys_timer_delete(struct kernel *, const uint64_t *a);

/* poll.c */
int64_t sys_poll(struct kernel *, const uint64_t *a);
int64_t sys_ppoll(struct kernel *, const uint64_t *a);
int64_t sys_select(struct kernel *, const uint64_t *a);
int64_t sys_pselect6(struct kernel *, const uint64_t *a);

/* epoll.c */
int64_t sys_epoll_create(struct kernel *, const uint64_t *a);
int64_t sys_epoll_create1(struct kernel *, const uint64_t *a);
int64_t sys_epoll_ctl(struct kernel *, const uint64_t *a);
int64_t sys_epoll_wait(struct kernel *, const uint64_t *a);
int64_t sys_epoll_pwait(struct kernel *, const uint64_t *a);
int64_t sys_epoll_pwait2(struct kernel *, const uint64_t *a);

/* clockfile.c */
int64_t sys_timerfd_create(struct kernel *, const uint64_t *a);
int64_t sys_timerfd_settime(struct kernel *, const uint64_t *a);
int64_t sys_timerfd_gettime(struct kernel *, const uint64_t *a);
int64_t sys_eventfd(struct kernel *, const uint64_t *a);
int64_t sys_eventfd2(struct kernel *, const uint64_t *a);
int64_t sys_signalfd(struct kernel *, const uint64_t *a);
int64_t sys_signalfd4(struct kernel *, const uint64_t *a);

/* identity.c */
int64_t sys_getpid(struct kernel *, const uint64_t *a);
int64_t sys_gettid(struct kernel *, const uint64_t *a);
int64_t sys_getppid(struct kernel *, const uint64_t *a);
int64_t sys_getuid(struct kernel *, const uint64_t *a);
int64_t sys_geteuid(struct kernel *, const uint64_t *a);
int64_t sys_getgid(struct kernel *, const uint64_t *a);
int64_t sys_getegid(struct kernel *, const uint64_t *a);
int64_t sys_getgroups(struct kernel *, const uint64_t *a);
int64_t sys_setuid(struct kernel *, const uint64_t *a);
int64_t sys_setgid(struct kernel *, const uint64_t *a);
int64_t sys_setresuid(struct kernel *, const uint64_t *a);
int64_t sys_setresgid(struct kernel *, const uint64_t *a);
int64_t sys_getresuid(struct kernel *, const uint64_t *a);
int64_t sys_getresgid(struct kernel *, const uint64_t *a);
int64_t sys_setgroups(struct kernel *, const uint64_t *a);
int64_t sys_getpgid(struct kernel *, const uint64_t *a);
int64_t sys_getpgrp(struct kernel *, const uint64_t *a);
int64_t sys_setpgid(struct kernel *, const uint64_t *a);
int64_t sys_getsid(struct kernel *, const uint64_t *a);
int64_t sys_setsid(struct kernel *, const uint64_t *a);
int64_t sys_uname(struct kernel *, const uint64_t *a);
int64_t sys_sysinfo(struct kernel *, const uint64_t *a);
int64_t sys_prlimit64(struct kernel *, const uint64_t *a);
int64_t sys_getrlimit(struct kernel *, const uint64_t *a);
int64_t sys_setrlimit(struct kernel *, const uint64_t *a);
int64_t sys_getrusage(struct kernel *, const uint64_t *a);
int64_t sys_getpriority(struct kernel *, const uint64_t *a);
int64_t sys_setpriority(struct kernel *, const uint64_t *a);
int64_t sys_sched_getaffinity(struct kernel *, const uint64_t *a);
int64_t sys_getcpu(struct kernel *, const uint64_t *a);
int64_t sys_arch_prctl(struct kernel *, const uint64_t *a);
int64_t sys_prctl(struct kernel *, const uint64_t *a);
int64_t sys_capget(struct kernel *, const uint64_t *a);
int64_t sys_capset(struct kernel *, const uint64_t *a);
int64_t sys_getrandom(struct kernel *, const uint64_t *a);
int64_t sys_forbidden(struct kernel *, const uint64_t *a);
int64_t sys_init_module(struct kernel *, const uint64_t *a);
int64_t sys_finit_module(struct kernel *, const uint64_t *a);
int64_t sys_delete_module(struct kernel *, const uint64_t *a);
int64_t sys_ptrace(struct kernel *, const uint64_t *a);

/* system.c */

/* connect.c */
int64_t sys_socket(struct kernel *, const uint64_t *a);
int64_t sys_socketpair(struct kernel *, const uint64_t *a);
int64_t sys_connect(struct kernel *, const uint64_t *a);

/* listen.c */
int64_t sys_bind(struct kernel *, const uint64_t *a);
int64_t sys_listen(struct kernel *, const uint64_t *a);
int64_t sys_accept(struct kernel *, const uint64_t *a);
int64_t sys_accept4(struct kernel *, const uint64_t *a);

/* options.c */
int64_t sys_shutdown(struct kernel *, const uint64_t *a);
int64_t sys_getsockname(struct kernel *, const uint64_t *a);
int64_t sys_getpeername(struct kernel *, const uint64_t *a);
int64_t sys_setsockopt(struct kernel *, const uint64_t *a);
int64_t sys_getsockopt(struct kernel *, const uint64_t *a);

/* message.c */
int64_t sys_sendto(struct kernel *, const uint64_t *a);
int64_t sys_recvfrom(struct kernel *, const uint64_t *a);
int64_t sys_sendmsg(struct kernel *, const uint64_t *a);
int64_t sys_sendmmsg(struct kernel *, const uint64_t *a);
int64_t sys_recvmsg(struct kernel *, const uint64_t *a);
int64_t sys_recvmmsg(struct kernel *, const uint64_t *a);

#endif
