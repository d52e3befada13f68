/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pools of transactions and of their alerts, and the list of fresh ones. */
#include "dataplane/case/transaction.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct transactions {
	struct transaction *memory, *first;
	struct found *found_memory, *found_first;
	struct chunks *chunks;
	struct transaction *oldest, *newest;
};

int transactions_new(size_t count, size_t cases, size_t memory, struct transactions **ret)
{
	int r = -ENOMEM;
	struct transactions *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return r;
	p->memory = calloc(count, sizeof(*p->memory));
	p->found_memory = calloc(cases, sizeof(*p->found_memory));
	if (p->memory == NULL || p->found_memory == NULL || (r = chunks_new(memory, &p->chunks)) < 0) {
		transactions_free(p);
		return r;
	}
	for (size_t i = count; i > 0; i--) {
		p->memory[i - 1].next = p->first;
		p->first = &p->memory[i - 1];
	}
	for (size_t i = cases; i > 0; i--) {
		p->found_memory[i - 1].next = p->found_first;
		p->found_first = &p->found_memory[i - 1];
	}
	*ret = p;
	return 0;
}

void transactions_free(struct transactions *p)
{
	if (p == NULL)
		return;
	free(p->memory);
	free(p->found_memory);
	chunks_free(p->chunks);
	free(p);
}

struct chunks *transactions_chunks(struct transactions *p)
{
	return p->chunks;
}

struct transaction *transaction_take(struct transactions *p)
{
	struct transaction *t = p->first;

	if (t == NULL)
		return NULL;
	p->first = t->next;
	/* the matcher begins its state itself, and carried bytes are only read as far as they were written */
	memset(t, 0, offsetof(struct transaction, match));
	t->found = NULL;
	for (unsigned i = 0; i < COUNT_OF(t->carry); i++) {
		t->carry[i].offset = 0;
		t->carry[i].len = 0;
	}
	memset(t->parts, 0, sizeof(t->parts));
	return t;
}

void transaction_give(struct transactions *p, struct transaction *t)
{
	transaction_done(p, t);
	if (t->found != NULL) {
		t->found->next = p->found_first;
		p->found_first = t->found;
	}
	for (unsigned i = 0; i < PART_COUNT; i++)
		kept_fini(&t->parts[i], p->chunks);
	t->next = p->first;
	p->first = t;
}

struct found *transaction_found(struct transactions *p, struct transaction *t)
{
	if (t->found == NULL && p->found_first != NULL) {
		t->found = p->found_first;
		p->found_first = t->found->next;
		t->found->count = t->found->left = 0;
	}
	return t->found;
}

void transaction_done(struct transactions *p, struct transaction *t)
{
	if (!t->fresh)
		return;
	*(t->older != NULL ? &t->older->newer : &p->oldest) = t->newer;
	*(t->newer != NULL ? &t->newer->older : &p->newest) = t->older;
	t->older = t->newer = NULL;
	t->fresh = false;
}

void transaction_touch(struct transactions *p, struct transaction *t)
{
	transaction_done(p, t);
	t->older = p->newest;
	*(p->newest != NULL ? &p->newest->newer : &p->oldest) = t;
	p->newest = t;
	t->fresh = true;
}

struct transaction *transactions_oldest(const struct transactions *p)
{
	return p->oldest;
}
