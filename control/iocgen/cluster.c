/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clusters by signs that go together. */
#include "control/iocgen/cluster.h"
#include "control/iocgen/shape.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIGN_LEAST = 3,      /* samples that a sign must have */
	LITERAL_LEAST = 3,   /* letters and digits of it to the letter */
	HOLDERS_LOOKED = 256,/* of a sign's samples, so that a frequent one costs no more */
	NEIGHBOURS = 48,     /* of a sign, the strongest */
	ROUNDS = 30,         /* of taking names; it settles in a few */
	PASSES = 6           /* of joining */
};

static const double together = 0.25, lift = 4, contrast = 4; /* share; times as often as by chance; than among harmless ones */
static const double joined = 0.15; /* of what a name's signs go with: so much with those of another name, and it is that one's */

struct edge {
	uint32_t to;
	float weight;
};

struct named {
	uint32_t name, sign;
};

struct signs {
	const struct corpus *corpus;
	const bool *wanted;
	struct vocabulary words;
	struct names keys;
	uint32_t *of_value;               /* its sign, UINT32_MAX: none */
	uint32_t samples, benign, count, stamp; /* stamp: of the sample at work, in `last` */
	uint32_t *malware_has, *benign_has, *last;
	uint64_t *first;                  /* of a sign: holders[first[i] .. first[i + 1]) */
	uint32_t *holders, *seen, *touched, *name;
	struct edge *edges;
	uint32_t *edges_count;
	double *votes; /* of a name; zero between uses */
};

static void *numbers(size_t count, size_t size)
{
	return calloc(count + 1, size);
}

/* Words are worth what the wanted samples show; then each value's sign. */
static int read_values(struct signs *s)
{
	const struct corpus *c = s->corpus;
	struct tokens t;
	uint32_t ids[TOKENS_MAX];
	struct shape *shape = malloc(sizeof(*shape));
	int r = shape == NULL ? -ENOMEM : 0;

	for (uint32_t i = 0; i < c->samples_count && r == 0; i++) {
		const struct corpus_sample *one = &c->samples[i];

		s->samples += s->wanted[i];
		s->benign += !s->wanted[i] && one->label == LABEL_BENIGN;
		for (uint32_t k = 0; s->wanted[i] && k < one->count && r == 0; k++) {
			struct bytes value = names_get(&c->values, c->items[one->first + k]);

			if (tokens_of(value_kind(value), value_text(value), &t) == 0)
				r = vocabulary_add(&s->words, &t, i);
		}
	}
	for (uint32_t v = 0; v < c->values.count && r == 0; v++) {
		struct bytes value = names_get(&c->values, v);

		s->of_value[v] = UINT32_MAX;
		if (tokens_of(value_kind(value), value_text(value), &t) < 0)
			continue;
		vocabulary_ids(&s->words, &t, ids);
		if (shape_of(value, &t, ids, &s->words, (struct varying){ .least = SIGN_LEAST }, SHAPE_WHOLE, shape) && shape->literal >= LITERAL_LEAST)
			r = names_add(&s->keys, bytes_of((const uint8_t *)&shape->key, sizeof(shape->key)), &s->of_value[v]);
	}
	free(shape);
	return r;
}

/* Calls for each sign of the sample, once each. */
static void each_sign(struct signs *s, uint32_t sample, void (*does)(struct signs *, uint32_t sign, uint32_t sample))
{
	const struct corpus_sample *one = &s->corpus->samples[sample];

	s->stamp++;
	for (uint32_t k = 0; k < one->count; k++) {
		uint32_t sign = s->of_value[s->corpus->items[one->first + k]];

		if (sign == UINT32_MAX || s->last[sign] == s->stamp)
			continue;
		s->last[sign] = s->stamp;
		does(s, sign, sample);
	}
}

static void count_sign(struct signs *s, uint32_t sign, uint32_t sample)
{
	if (s->wanted[sample])
		s->malware_has[sign]++;
	else if (s->corpus->samples[sample].label == LABEL_BENIGN)
		s->benign_has[sign]++;
}

static void put_holder(struct signs *s, uint32_t sign, uint32_t sample)
{
	s->holders[s->first[sign] + s->seen[sign]++] = sample;
}

/* Is it a sign of some family, by how many have it? */
static bool counts(const struct signs *s, uint32_t i)
{
	return s->malware_has[i] >= SIGN_LEAST &&
	       (s->benign == 0 || (double)s->malware_has[i] / s->samples >= contrast * s->benign_has[i] / s->benign);
}

static int list_holders(struct signs *s)
{
	uint64_t all = 0;

	for (uint32_t i = 0; i < s->corpus->samples_count; i++)
		each_sign(s, i, count_sign);
	for (uint32_t i = 0; i < s->count; i++) {
		if (!counts(s, i))
			s->malware_has[i] = 0;
		s->first[i] = all;
		all += s->malware_has[i];
	}
	s->first[s->count] = all;
	for (uint32_t v = 0; v < s->corpus->values.count; v++) {
		if (s->of_value[v] != UINT32_MAX && s->malware_has[s->of_value[v]] == 0)
			s->of_value[v] = UINT32_MAX;
	}
	if ((s->holders = numbers(all, sizeof(*s->holders))) == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < s->corpus->samples_count; i++) {
		if (s->wanted[i])
			each_sign(s, i, put_holder);
	}
	memset(s->seen, 0, s->count * sizeof(*s->seen));
	return 0;
}

static void count_beside(struct signs *s, uint32_t sign, uint32_t sample)
{
	(void)sample;
	if (s->seen[sign]++ == 0)
		s->touched[s->touched[s->count]++] = sign; /* the last one counts them */
}

/* The strongest stay; equal ones by their number. */
static void keep_edge(struct edge *list, uint32_t *count, struct edge e)
{
	uint32_t at = *count;

	if (at == NEIGHBOURS && e.weight <= list[at - 1].weight)
		return;
	at -= at == NEIGHBOURS;
	for (*count = at + 1; at > 0 && (e.weight > list[at - 1].weight || (!(e.weight < list[at - 1].weight) && e.to < list[at - 1].to)); at--)
		list[at] = list[at - 1];
	list[at] = e;
}

/* Who goes with sign i, as its own samples show it. */
static void find_neighbours(struct signs *s, uint32_t i)
{
	uint32_t has = s->malware_has[i], step = has / HOLDERS_LOOKED + 1, looked = 0;

	s->touched[s->count] = 0;
	for (uint32_t k = 0; k < has; k += step, looked++) {
		uint32_t sample = s->holders[s->first[i] + k];

			each_sign(s, sample, count_beside);
	}
	for (uint32_t k = 0; k < s->touched[s->count]; k++) {
		uint32_t j = s->touched[k];
		double n = s->seen[j], of_i = n / looked, of_j = of_i * has / s->malware_has[j];

		s->seen[j] = 0;
		if (j != i && n >= SIGN_LEAST && fmax(of_i, of_j) >= together && of_i >= lift * s->malware_has[j] / s->samples)
			keep_edge(s->edges + (size_t)i * NEIGHBOURS, &s->edges_count[i], (struct edge){ j, (float)sqrt(of_i * fmin(of_j, 1)) });
	}
}

/* The name that most of its neighbours have, its own among equals. */
static uint32_t name_by_neighbours(struct signs *s, uint32_t i)
{
	double *votes = s->votes;
	const struct edge *e = s->edges + (size_t)i * NEIGHBOURS;
	uint32_t best = s->name[i];
	double most = 0;

	for (uint32_t k = 0; k < s->edges_count[i]; k++)
		votes[s->name[e[k].to]] += e[k].weight;
	most = votes[best];
	for (uint32_t k = 0; k < s->edges_count[i]; k++) {
		uint32_t name = s->name[e[k].to];

		if (votes[name] > most + 1e-9 || (votes[name] > most - 1e-9 && best != s->name[i] && name < best)) {
			most = votes[name];
			best = name;
		}
	}
	for (uint32_t k = 0; k < s->edges_count[i]; k++)
		votes[s->name[e[k].to]] = 0;
	return best;
}

struct by_count {
	uint32_t has, sign;
};

static int compare_counts(const void *a, const void *b)
{
	const struct by_count *x = a, *y = b;

	if (x->has != y->has)
		return x->has > y->has ? -1 : 1;
	return x->sign < y->sign ? -1 : x->sign > y->sign;
}

/* Frequent signs go first: the others gather round them. */
static int name_signs(struct signs *s)
{
	struct by_count *order = numbers(s->count, sizeof(*order));
	bool changed = true;
	int r = order == NULL ? -ENOMEM : 0;

	for (uint32_t i = 0; i < s->count && r == 0; i++)
		order[i] = (struct by_count){ s->malware_has[i], s->name[i] = i };
	if (r == 0)
		qsort(order, s->count, sizeof(*order), compare_counts);
	for (int round = 0; round < ROUNDS && changed && r == 0; round++) {
		changed = false;
		for (uint32_t k = 0; k < s->count && order[k].has > 0; k++) {
			uint32_t now = name_by_neighbours(s, order[k].sign);

			changed |= now != s->name[order[k].sign];
			s->name[order[k].sign] = now;
		}
	}
	free(order);
	return r;
}

static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return x->sign < y->sign ? -1 : x->sign > y->sign;
}

/* What signs of one name weigh in all, and the other name that they go with most, if that is much. */
static uint32_t joins(struct signs *s, const struct named *list, size_t count, const double *weight)
{
	double *votes = s->votes;
	uint32_t own = list[0].name, best = own;
	double most = 0;

	for (size_t i = 0; i < count; i++) {
		const struct edge *e = s->edges + (size_t)list[i].sign * NEIGHBOURS;

		for (uint32_t k = 0; k < s->edges_count[list[i].sign]; k++) {
			uint32_t name = s->name[e[k].to];

			votes[name] += e[k].weight;
			if (name == own || weight[name] < weight[own] || (weight[name] <= weight[own] && name > own))
				continue; /* the lighter one joins the heavier one */
			if (votes[name] > most + 1e-9 || (votes[name] > most - 1e-9 && name < best)) {
				most = votes[name];
				best = name;
			}
		}
	}
	for (size_t i = 0; i < count; i++) {
		const struct edge *e = s->edges + (size_t)list[i].sign * NEIGHBOURS;

		for (uint32_t k = 0; k < s->edges_count[list[i].sign]; k++)
			votes[s->name[e[k].to]] = 0;
	}
	return most >= joined * weight[own] ? best : own;
}

/* Signs that change one after the other leave a family in pieces: a piece joins the one that it goes with. */
static bool join_names(struct signs *s, struct named *list, size_t count, double *weight)
{
	bool changed = false;

	memset(weight, 0, s->count * sizeof(*weight));
	for (size_t i = 0; i < count; i++) {
		uint32_t sign = list[i].sign;

		list[i].name = s->name[sign];
		for (uint32_t k = 0; k < s->edges_count[sign]; k++)
			weight[s->name[sign]] += s->edges[(size_t)sign * NEIGHBOURS + k].weight;
	}
	qsort(list, count, sizeof(*list), compare_named);
	for (uint32_t i = 0; i < s->count; i++)
		s->touched[i] = i;
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i; end < count && list[end].name == list[i].name; end++)
			;
		s->touched[list[i].name] = joins(s, list + i, end - i, weight);
		changed |= s->touched[list[i].name] != list[i].name;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t *name = &s->name[list[i].sign];

		while (s->touched[*name] != *name)
			*name = s->touched[*name];
	}
	return changed;
}

static int join_all(struct signs *s)
{
	struct named *list = numbers(s->count, sizeof(*list));
	double *weight = numbers(s->count, sizeof(*weight));
	int r = list == NULL || weight == NULL ? -ENOMEM : 0;
	size_t count = 0;

	for (uint32_t i = 0; i < s->count && r == 0; i++) {
		if (s->malware_has[i] > 0)
			list[count++].sign = i;
	}
	for (int pass = 0; pass < PASSES && r == 0; pass++) {
		if (!join_names(s, list, count, weight))
			break;
	}
	free(list);
	free(weight);
	return r;
}

/* A sample's votes gather by name; a sign that many have, as several families share one, says less. */
static void vote(struct signs *s, uint32_t sign, uint32_t sample)
{
	uint32_t name = s->name[sign];

	(void)sample;
	if (s->votes[name] <= 0)
		s->touched[s->touched[s->count]++] = name;
	s->votes[name] += 1 / sqrt(s->malware_has[sign]);
}

static uint32_t name_of_sample(struct signs *s, uint32_t sample)
{
	uint32_t best = CLUSTER_NONE;
	double most = 0;

	s->touched[s->count] = 0;
	each_sign(s, sample, vote);
	for (uint32_t k = 0; k < s->touched[s->count]; k++) {
		uint32_t name = s->touched[k];

		if (s->votes[name] > most + 1e-12 || (s->votes[name] > most - 1e-12 && name < best)) {
			most = s->votes[name];
			best = name;
		}
		s->votes[name] = 0;
	}
	return best;
}

/* Names become numbers by their first sample; a cluster of one is none. */
static void name_samples(struct signs *s, uint32_t *ret, uint32_t *ret_count)
{
	uint32_t *sizes = s->benign_has, *number = s->touched; /* done with */

	for (uint32_t i = 0; i < s->corpus->samples_count; i++)
		ret[i] = s->wanted[i] ? name_of_sample(s, i) : CLUSTER_NONE;
	memset(sizes, 0, s->count * sizeof(*sizes));
	memset(number, 0xff, s->count * sizeof(*number));
	for (uint32_t i = 0; i < s->corpus->samples_count; i++)
		sizes[ret[i] == CLUSTER_NONE ? s->count : ret[i]]++;
	*ret_count = 0;
	for (uint32_t i = 0; i < s->corpus->samples_count; i++) {
		if (ret[i] == CLUSTER_NONE)
			continue;
		if (sizes[ret[i]] < 2) {
			ret[i] = CLUSTER_NONE;
			continue;
		}
		if (number[ret[i]] == UINT32_MAX)
			number[ret[i]] = (*ret_count)++;
		ret[i] = number[ret[i]];
	}
}

static int signs_init(struct signs *s)
{
	int r;

	if ((s->of_value = numbers(s->corpus->values.count, sizeof(*s->of_value))) == NULL || (r = read_values(s)) < 0)
		return s->of_value == NULL ? -ENOMEM : r;
	s->count = s->keys.count;
	s->malware_has = numbers(s->count, sizeof(*s->malware_has));
	s->benign_has = numbers(s->count, sizeof(*s->benign_has));
	s->last = numbers(s->count, sizeof(*s->last));
	s->first = numbers(s->count, sizeof(*s->first));
	s->seen = numbers(s->count, sizeof(*s->seen));
	s->touched = numbers(s->count, sizeof(*s->touched));
	s->name = numbers(s->count, sizeof(*s->name));
	s->edges_count = numbers(s->count, sizeof(*s->edges_count));
	s->votes = numbers(s->count, sizeof(*s->votes));
	if (s->malware_has == NULL || s->benign_has == NULL || s->last == NULL || s->first == NULL || s->seen == NULL || s->touched == NULL ||
	    s->name == NULL || s->edges_count == NULL || s->votes == NULL)
		return -ENOMEM;
	return list_holders(s);
}

int cluster_samples(const struct corpus *c, const bool *wanted, uint32_t *ret, uint32_t *ret_count)
{
	struct signs s = { .corpus = c, .wanted = wanted };
	int r = signs_init(&s);

	if (r == 0 && (s.edges = numbers((size_t)s.count * NEIGHBOURS, sizeof(*s.edges))) == NULL)
		r = -ENOMEM;
	for (uint32_t i = 0; i < s.count && r == 0; i++) {
		if (s.malware_has[i] > 0)
			find_neighbours(&s, i);
	}
	if (r == 0)
		r = name_signs(&s);
	if (r == 0)
		r = join_all(&s);
	if (r == 0)
		name_samples(&s, ret, ret_count);
	vocabulary_fini(&s.words);
	names_fini(&s.keys);
	free(s.of_value);
	free(s.malware_has);
	free(s.benign_has);
	free(s.last);
	free(s.first);
	free(s.holders);
	free(s.seen);
	free(s.touched);
	free(s.name);
	free(s.edges);
	free(s.edges_count);
	free(s.votes);
	return r;
}
