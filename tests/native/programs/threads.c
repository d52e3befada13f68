/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads: made, joined, detached; locks, conditions, barriers, semaphores; exec and exit from one. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static int counter, ready, turns;
static __thread int own = 7;

static void *count(void *arg)
{
	for (int i = 0; i < 5000; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
	}
	own += (int)(long)arg;
	return (void *)(long)own;
}

static void *waiter(void *arg)
{
	pthread_mutex_lock(&lock);
	while (!ready)
		pthread_cond_wait(&cond, &lock);
	turns++;
	pthread_mutex_unlock(&lock);
	pthread_barrier_wait(&barrier);
	sem_post(&sem);
	return NULL;
}

static void *forever(void *arg)
{
	for (;;)
		pause();
	return NULL;
}

static void cleanup(void *arg)
{
	printf("cleanup %s\n", (char *)arg);
}

static void *cancelled(void *arg)
{
	pthread_cleanup_push(cleanup, "handler");
	sleep(1000);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *dies_holding(void *arg)
{
	pthread_mutex_lock(arg);
	return NULL;
}

static void *execs(void *arg)
{
	execl("/bin/echo", "echo", "from a thread", NULL);
	return NULL;
}

static void *exits(void *arg)
{
	usleep(1000);
	exit(5);
}

static void in_child(void *(*run)(void *))
{
	pthread_t t;
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == 0) {
		pthread_create(&t, NULL, run, NULL);
		pthread_join(t, NULL);
		pause();
		_exit(9);
	}
	waitpid(pid, &status, 0);
	printf("child: exited %d status %d\n", WIFEXITED(status), WEXITSTATUS(status));
}

static void leader_leaves(void)
{
	pthread_t t;
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == 0) {
		pthread_create(&t, NULL, exits, NULL);
		pthread_exit(NULL);
	}
	printf("no news: %d\n", waitpid(pid, &status, WNOHANG));
	waitpid(pid, &status, 0);
	printf("leader left: status %d\n", WEXITSTATUS(status));
}

int main(void)
{
	pthread_t t[8];
	void *result;
	struct timespec until;
	pthread_mutex_t robust;
	pthread_mutexattr_t attr;

	for (long i = 0; i < 8; i++)
		pthread_create(&t[i], NULL, count, (void *)i);
	for (int i = 0; i < 8; i++) {
		pthread_join(t[i], &result);
		printf("thread %d: %ld\n", i, (long)result);
	}
	printf("counter %d own %d\n", counter, own);
	sem_init(&sem, 0, 0);
	pthread_barrier_init(&barrier, NULL, 5);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, waiter, NULL);
	usleep(1000);
	pthread_mutex_lock(&lock);
	ready = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&lock);
	printf("barrier %d\n", pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD || 1);
	for (int i = 0; i < 4; i++)
		sem_wait(&sem);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	printf("turns %d\n", turns);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 1000000;
	if (until.tv_nsec >= 1000000000)
		until.tv_sec++, until.tv_nsec -= 1000000000;
	pthread_mutex_lock(&lock);
	printf("timed wait: %s\n", strerror(pthread_cond_timedwait(&cond, &lock, &until)));
	pthread_mutex_unlock(&lock);
	if (sem_timedwait(&sem, &until) < 0)
		printf("timed sem: %s\n", strerror(errno));
	pthread_create(&t[0], NULL, cancelled, NULL);
	usleep(1000);
	pthread_cancel(t[0]);
	pthread_join(t[0], &result);
	printf("cancelled %d\n", result == PTHREAD_CANCELED);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &attr);
	pthread_create(&t[0], NULL, dies_holding, &robust);
	pthread_join(t[0], NULL);
	printf("robust: %s\n", strerror(pthread_mutex_lock(&robust)));
	printf("consistent: %d\n", pthread_mutex_consistent(&robust));
	printf("unlocked: %d\n", pthread_mutex_unlock(&robust));
	printf("join self: %s\n", strerror(pthread_join(pthread_self(), NULL)));
	printf("tid is pid: %d\n", (int)syscall(SYS_gettid) == getpid());
	in_child(execs);
	in_child(exits);
	leader_leaves();
	pthread_create(&t[0], NULL, forever, NULL);
	printf("kill 0: %d\n", pthread_kill(t[0], 0));
	return 3;
}
