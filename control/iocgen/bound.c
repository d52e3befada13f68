/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What no set can exceed: the linear program of the choice, and branches of it. */
#include "control/iocgen/choose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glpk.h>

enum {
	ENTRIES_MAX = 600000, /* of the program's matrix: more, and the sum stands as the bound */
	EXACT_ENTRIES = 60000,/* up to here branches are tried */
	NODES_MAX = 400,      /* of branches: a count, since a clock would not be the same in every run */
	STEPS_MAX = 200000    /* of the simplex */
};

static const double near = 1e-7, close_enough = 0.002; /* a gap that small is not worth a program */

struct program {
	const struct choice *p;
	glp_prob *lp;
	int *rows, *columns;
	double *values;
	int count;
	int first_y, first_z; /* columns: candidates from 1, then two for each class, then harmless samples */
	double bound;
	int nodes;
};

static uint64_t entries_of(const struct choice *p)
{
	uint64_t n = 2 * (uint64_t)p->classes + p->benign;

	for (uint32_t j = 0; j < p->candidates; j++)
		n += 1 + p->members_count[j] + 2 * (uint64_t)p->hits_count[j];
	return n;
}

static void entry(struct program *m, int row, int column, double value)
{
	m->count++;
	m->rows[m->count] = row;
	m->columns[m->count] = column;
	m->values[m->count] = value;
}

static void make_columns(struct program *m)
{
	const struct choice *p = m->p;

	glp_add_cols(m->lp, (int)(p->candidates + 2 * p->classes + p->benign));
	m->first_y = (int)p->candidates + 1;
	m->first_z = m->first_y + 2 * (int)p->classes;
	for (uint32_t j = 0; j < p->candidates; j++) {
		glp_set_col_kind(m->lp, (int)j + 1, GLP_BV);
		glp_set_obj_coef(m->lp, (int)j + 1, -p->price * p->cost[j]);
	}
	for (uint32_t c = 0; c < p->classes; c++) {
		glp_set_col_bnds(m->lp, m->first_y + 2 * (int)c, GLP_DB, 0, 1);
		glp_set_col_bnds(m->lp, m->first_y + 2 * (int)c + 1, GLP_DB, 0, 1);
		glp_set_obj_coef(m->lp, m->first_y + 2 * (int)c, p->weight[c]);
		glp_set_obj_coef(m->lp, m->first_y + 2 * (int)c + 1, p->again * p->weight[c]);
	}
	for (uint32_t b = 0; b < p->benign; b++)
		glp_set_col_bnds(m->lp, m->first_z + (int)b, GLP_DB, 0, 1);
}

/* Rows: one a class (worth <= strengths), the cost, the harmless samples, and one for each candidate's match of one of them. */
static void make_rows(struct program *m)
{
	const struct choice *p = m->p;
	uint64_t matches = 0;
	int row = (int)p->classes + 1;

	for (uint32_t j = 0; j < p->candidates; j++)
		matches += p->hits_count[j];
	glp_add_rows(m->lp, (int)(p->classes + 2 + matches));
	for (uint32_t c = 0; c < p->classes; c++) {
		glp_set_row_bnds(m->lp, (int)c + 1, GLP_UP, 0, 0);
		entry(m, (int)c + 1, m->first_y + 2 * (int)c, 1);
		entry(m, (int)c + 1, m->first_y + 2 * (int)c + 1, 1);
	}
	glp_set_row_bnds(m->lp, row, GLP_UP, 0, p->cost_max);
	for (uint32_t j = 0; j < p->candidates; j++) {
		entry(m, row, (int)j + 1, p->cost[j]);
		for (uint32_t i = 0; i < p->members_count[j]; i++)
			entry(m, (int)p->members[j][i] + 1, (int)j + 1, -p->strength[j]);
	}
	glp_set_row_bnds(m->lp, ++row, GLP_UP, 0, p->hits_max);
	for (uint32_t b = 0; b < p->benign; b++)
		entry(m, row, m->first_z + (int)b, 1);
	for (uint32_t j = 0; j < p->candidates; j++) {
		for (uint32_t i = 0; i < p->hits_count[j]; i++) {
			glp_set_row_bnds(m->lp, ++row, GLP_UP, 0, 0);
			entry(m, row, (int)j + 1, 1);
			entry(m, row, m->first_z + (int)p->hits[j][i], -1);
		}
	}
}

static void on_node(glp_tree *tree, void *arg)
{
	struct program *m = arg;
	int best = glp_ios_best_node(tree);

	if (best != 0)
		m->bound = glp_ios_node_bound(tree, best);
	if (glp_ios_reason(tree) == GLP_ISELECT && ++m->nodes > NODES_MAX)
		glp_ios_terminate(tree);
}

static void take_bound(struct chosen *ret, double bound)
{
	if (bound < ret->bound)
		ret->bound = bound < ret->value ? ret->value : bound;
	ret->exact |= ret->bound - ret->value <= near;
}

/* A set of the program's that is better than ours is ours. */
static void take_set(struct program *m, struct chosen *ret, bool whole)
{
	bool *takes = calloc((size_t)m->p->candidates + 1, sizeof(*takes)), within;
	double value;

	if (takes == NULL)
		return;
	for (uint32_t j = 0; j < m->p->candidates; j++)
		takes[j] = (whole ? glp_mip_col_val(m->lp, (int)j + 1) : glp_get_col_prim(m->lp, (int)j + 1)) > 0.5;
	value = choice_value(m->p, takes, &within);
	if (within && value > ret->value) {
		memcpy(ret->takes, takes, m->p->candidates * sizeof(*takes));
		ret->value = value;
	}
	free(takes);
}

static void branch(struct program *m, struct chosen *ret)
{
	glp_iocp options;
	int r;

	glp_init_iocp(&options);
	options.msg_lev = GLP_MSG_OFF;
	options.cb_func = on_node;
	options.cb_info = m;
	m->bound = ret->bound;
	r = glp_intopt(m->lp, &options);
	if (glp_mip_status(m->lp) == GLP_OPT || glp_mip_status(m->lp) == GLP_FEAS)
		take_set(m, ret, true);
	if (r == 0 && glp_mip_status(m->lp) == GLP_OPT)
		take_bound(ret, glp_mip_obj_val(m->lp));
	else if (r == GLP_ESTOP)
		take_bound(ret, m->bound);
}

static void solve(struct program *m, struct chosen *ret)
{
	glp_smcp options;

	glp_init_smcp(&options);
	options.msg_lev = GLP_MSG_OFF;
	options.meth = GLP_DUALP;
	options.it_lim = STEPS_MAX;
	if (glp_simplex(m->lp, &options) != 0 || glp_get_status(m->lp) != GLP_OPT)
		return;
	take_set(m, ret, false);
	take_bound(ret, glp_get_obj_val(m->lp) + near);
	if (!ret->exact && m->count <= EXACT_ENTRIES)
		branch(m, ret);
}

int choose_bound(const struct choice *p, struct chosen *ret)
{
	struct program m = { .p = p };
	uint64_t entries = entries_of(p);
	int r = 0;

	if (ret->exact || p->candidates == 0 || entries > ENTRIES_MAX ||
	    (entries > EXACT_ENTRIES && ret->bound - ret->value <= close_enough * ret->bound))
		return 0;
	m.rows = malloc((entries + 4) * sizeof(*m.rows));
	m.columns = malloc((entries + 4) * sizeof(*m.columns));
	m.values = malloc((entries + 4) * sizeof(*m.values));
	if (m.rows == NULL || m.columns == NULL || m.values == NULL) {
		r = -ENOMEM;
		goto out;
	}
	m.lp = glp_create_prob();
	glp_set_obj_dir(m.lp, GLP_MAX);
	make_columns(&m);
	make_rows(&m);
	glp_load_matrix(m.lp, m.count, m.rows, m.columns, m.values);
	solve(&m, ret);
	glp_delete_prob(m.lp);
out:
	free(m.rows);
	free(m.columns);
	free(m.values);
	return r;
}
