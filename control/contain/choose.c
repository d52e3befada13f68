/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a success to blocks. */
#include "control/contain/choose.h"

#include "control/contain/forwarded.h"

enum { TCP = 6 };

struct choosing {
	const struct choose_facts *facts;
	struct choice *ret;
	unsigned count;
};

static void add(struct choosing *c, const struct block *b, const char *what, const char *why_not)
{
	struct choice choice = { .what = what, .why_not = why_not };

	if (c->count == CHOICES_MAX || block_normal(b, &choice.block) < 0)
		return;
	for (unsigned i = 0; i < c->count; i++)
		if (block_equal(&c->ret[i].block, &choice.block))
			return;
	if (choice.why_not == NULL)
		choice.why_not = guard_why(c->facts->guard, &choice.block);
	c->ret[c->count++] = choice;
}

static void add_flow(struct choosing *c)
{
	const struct tuple *t = c->facts->attack;
	const struct block b = {
		.kind = BLOCK_FLOW, .protocol = t->protocol, .a = t->src, .b = t->dst, .aport = t->sport, .bport = t->dport,
	};

	add(c, &b, "flow", NULL);
}

/* Why the address is not the attacker's alone, for sure. */
static const char *doubt(const struct choose_facts *f)
{
	if (f->attack->protocol != TCP || !f->record->client_seen || !f->record->server_seen)
		return "may be forged: only a TCP connection in both directions proves an address";
	if (!address_equal(&f->attack->src, &f->record->tuple.src))
		return "stands for others: it is a server, which came with the code in an answer";
	if (f->settings->proxied && forwarded_says(f->record))
		return "stands for others: the request says that a proxy forwarded it";
	return NULL;
}

static void add_attacker(struct choosing *c)
{
	const struct address *a = &c->facts->attack->src;
	const struct block b = { .kind = BLOCK_ADDRESS, .bits = a->family == 4 ? 32 : 128, .a = *a };
	const char *why = doubt(c->facts);

	add(c, &b, "attacker", why);
	if (why != NULL)
		add_flow(c);
}

static const struct trace *trace_of(const struct choose_facts *f, const struct evidence *e)
{
	const struct report *r = f->reports[e->code];

	return r == NULL || e->trace >= r->traces_count ? NULL : &r->traces[e->trace];
}

/* Not of a question for a name: the other end is the victim's resolver. */
static bool is_contact(const struct trace *t)
{
	return t != NULL && (t->kind == TRACE_CONNECT || t->kind == TRACE_FETCH || t->kind == TRACE_LISTEN || t->kind == TRACE_ICMP);
}

static void add_contacts(struct choosing *c)
{
	const struct judgement *j = c->facts->judgement;

	for (unsigned i = 0; i < j->evidence_count; i++) {
		const struct evidence *e = &j->evidence[i];
		const struct address *near = e->near.family != 0 ? &e->near : &c->facts->attack->dst;
		const struct block b = { .kind = BLOCK_PAIR, .a = *near, .b = e->peer };

		if (!e->found || e->peer.family == 0 || !is_contact(trace_of(c->facts, e)))
			continue;
		/* the victim is protected in any case, but its peer must not be */
		add(c, &b, "contact", guard_address_why(c->facts->guard, &e->peer));
	}
}

unsigned choose(const struct choose_facts *f, struct choice ret[CHOICES_MAX])
{
	struct choosing c = { .facts = f, .ret = ret };

	for (unsigned i = 0; i < f->settings->block_on_count; i++)
		switch (f->settings->block_on[i]) {
		case BLOCK_ON_ATTACKER:
			add_attacker(&c);
			break;
		case BLOCK_ON_FLOW:
			add_flow(&c);
			break;
		case BLOCK_ON_CONTACT:
			add_contacts(&c);
			break;
		case BLOCK_ON_COUNT:
			break;
		}
	return c.count;
}
