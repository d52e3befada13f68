/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an evaluation does beyond its values, and what only the victim knows. */
#ifndef EMU_SQL_EFFECT_H
#define EMU_SQL_EFFECT_H

#include "emu/sql/value.h"

/* Notes an effect once; nothing in a dry run. Texts are copied. */
void effect_note(struct sql_run *, enum sql_effect_kind, struct bytes text, uint64_t value, bool open);
void effect_note_data(struct sql_run *, enum sql_effect_kind, struct bytes text, struct bytes data, bool open);
/* A value of the victim's that name (or a row's number) stands for: a word, another with each seed. */
struct sql_value effect_unknown(struct sql_run *, struct bytes name, uint64_t row);
struct sql_value effect_unknown_number(struct sql_run *, struct bytes name, uint64_t row);
/* What the server says of itself under this name (a function, a variable, a column): of its shape, if it has one. */
struct sql_value effect_fact(struct sql_run *, struct bytes name);
bool effect_fact_is(const struct sql_run *, struct bytes name);
/* \\host\share\…: name and connection. false: another path. */
bool effect_unc(struct sql_run *, struct bytes path, bool open);
/* The truth that decides: a predicate on the victim's data is true, or false in a flipped run. */
bool effect_decide(struct sql_run *, const struct sql_value *, int truth);

#endif
