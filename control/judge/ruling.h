/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One case on its way to a verdict: what the looking steps found and the rules then read. */
#ifndef CONTROL_JUDGE_RULING_H
#define CONTROL_JUDGE_RULING_H

#include "control/judge/judge.h"
#include "control/judge/grams.h"
#include "control/judge/reflect.h"
#include "control/judge/view.h"

/* What was seen of one code. */
struct sight {
	bool found;            /* a trace, strong enough and unexplained */
	bool weak;             /* a trace below the bits a success needs, or a near miss */
	double weak_bits;      /* of the strongest such text trace */
	struct bytes weak_pattern, weak_text; /* its pattern, and what it found; borrowed from report and views */
	bool explained;        /* a trace that the request or ordinary traffic explains */
	bool text_wanted;      /* it has traces that would stand in the response */
	bool later_wanted;     /* it has traces that would stand in later responses */
	bool network_wanted;   /* it has traces that would be later flows */
	bool far_wanted;       /* to an address beyond the site's own net */
	bool delay_wanted;     /* it has traces that would hold the response up */
	bool truth_wanted;     /* the answer would follow what it asks */
	bool delay_missing;    /* one that every success has, and the response came at once */
	uint64_t late_ns;      /* the response was late by so much, as the code sleeps, and the place is not slow by itself */
	unsigned must_lines;   /* lines that every success prints */
	bool must_network;     /* one that every success sends, and that would have been seen here */
	bool contact;          /* a contact of the kind was seen, whatever explains it */
	bool rejected;         /* the interpreter's predicted error stands in the response */
	bool gave_up;          /* a search was too dear to finish */
	bool stands;           /* the value of a script stands in the response as text */
	enum reason where;     /* of the strongest trace found */
};

/* A question whose answer takes long, and does not change. */
enum asked { NOT_ASKED, ASKED_NO, ASKED_YES };

struct ruling {
	const struct judge_input *in;
	struct judgement *ret;
	struct readings *readings; /* what follows of them is borrowed */
	struct views views;
	const struct reflection *reflection;
	unsigned texts_tried;  /* text traces of all codes: each is one more chance to be fooled */
	bool ordinary;         /* this server gives the same body to requests without attacks */
	uint8_t *reduced;      /* letters and digits of the response's body, case folded; NULL without memory */
	size_t reduced_len;
	struct grams held;     /* what the views hold */
	struct grams reduced_held; /* and the reduced body */
	uint64_t window_end_ns;
	/* of each code; only those that there are */
	uint64_t place_keys[EXTRACT_CODES_MAX];     /* of its place in the book */
	enum asked excerpts[EXTRACT_CODES_MAX];     /* what response_excerpts() says of it, once it was asked */
	enum asked echoed[EXTRACT_CODES_MAX];       /* was echo_of() asked of it? */
	struct bytes regions[EXTRACT_CODES_MAX];    /* then its region, blanks around it gone */
	struct sight sights[EXTRACT_CODES_MAX];
	struct attempt attempts[EXTRACT_CODES_MAX]; /* the same as sights, for comparing with others at the place */
};

/* log2 of n things looked at, 0 for none. */
double bits_searched(double n);
/* Keeps the evidence if it is among the strongest; found: it makes a success. */
void ruling_evidence(struct ruling *, const struct evidence *);

/* rules.c: all of the response is here, made for this request, and can be read. */
bool response_whole(const struct ruling *);
/* The code's emulation came to its own end. */
bool emulated_to_the_end(const struct ruling *, unsigned code);
/* Does every success leave this trace, as far as several emulated servers tell? */
bool trace_binds(const struct trace *);

/* held.c: makes the response ready for what is looked for in it; text_begin() comes before the first, text_end() after the last. */
void text_begin(struct ruling *);
void text_end(struct ruling *);
/* False: the text, reduced, does not stand in the reduced body; its beginning tells. */
bool reduced_may_hold(const struct ruling *, struct bytes text);
/* Where it stands in the reduced body, from `from` on; NULL: nowhere. needle is reduced too. */
const uint8_t *reduced_find(const struct ruling *, size_t from, const uint8_t *needle, size_t len);
/* text.c: looks for text traces in the response. */
void text_look(struct ruling *, unsigned code);
bool trace_is_text(const struct trace *);
/* network.c: looks for the site's later contacts. */
void network_look(struct ruling *, unsigned code);
bool trace_is_network(const struct trace *);
/* script.c: does a parse of the response hold a script of the request's? */
void script_look(struct ruling *, unsigned code);
/* The value stands in the response, and no browser runs anything of it (R3). */
bool script_is_inert(const struct ruling *, unsigned code);
/* The same value is code of another language, and nothing of the script came back: that other code decides. */
bool script_is_beside(const struct ruling *, unsigned code);
/* delay.c: was the response late by as long as the code sleeps? */
void delay_look(struct ruling *, unsigned code);
/* refuse.c: does a server say by it that something is not there or not allowed? */
bool status_refuses(unsigned status);
/* is the response what this server answers to what does not exist or is not allowed? (R1) */
bool response_refuses(const struct ruling *);
/*
 * Is the addressed resource known to be there, by another answer than a refusal to somebody? Then it may say "not found"
 * or "not allowed" of what it looked for itself, after it ran the code.
 */
bool resource_answers(const struct ruling *);
/* The answers of this case's server, its own among them, as far as they are known. */
struct memory_cursor answers_of(const struct ruling *);
bool answer_is_own(const struct ruling *, const struct history *);

/* rules.c: does a trace that this code leaves by itself, or must show here, prove that it did not run? */
bool proven_not_run(const struct ruling *, unsigned code);
/* attempt.c: is the value a page's own text, evaluated where it is shown? Is it SQL? */
bool code_is_template(const struct attack_code *);
bool code_is_sql(const struct attack_code *);
enum { ATTEMPT_VALUE_MAX = 4096 }; /* bytes of a value as it was sent; of longer ones the extraction's form is compared */
/* The value as it was sent, borrowed from the case; and as the application got it, in room or the extraction's own. */
struct bytes attempt_raw(const struct ruling *, const struct attack_code *);
struct bytes attempt_value(const struct ruling *, const struct attack_code *, uint8_t room[static ATTEMPT_VALUE_MAX]);
/*
 * What is to be compared with the other attempts at the place, before anything is looked for; then what was seen;
 * attempts_end() notes it for those that follow.
 */
void attempts_begin(struct ruling *);
void attempts_seen(struct ruling *);
void attempts_end(struct ruling *);
/* Did its client try code of the same language at the place that no ordinary request holds? After attempts_end(). */
bool attempt_has_company(const struct ruling *, unsigned code);
/* alike.c: do the answers at the place follow what this code and others ask? Comes after attempts_begin(). */
void truth_look(struct ruling *, unsigned code);
/*
 * rows.c: does a row of the victim's own stand where one that a union made up stood? Learns where that is, and what stands
 * there without one. rows_look() comes after the traces were looked for.
 */
void rows_look(struct ruling *, unsigned code);
void rows_learn(const struct ruling *, unsigned code, const struct view *, size_t start, size_t end);
void rows_note(const struct ruling *, unsigned code);
/* login.c: is the answer a log-in, unlike those that failed here? Comes after attempts_begin(). */
void login_look(struct ruling *, unsigned code);
/* Template code stands where its value stands, and so does other code, in the same page (R3). */
bool value_came_back(const struct ruling *, unsigned code);
/* SQL is data here: the harmless beginning of the value alone decides what is answered, of this value or of others (R3). */
bool base_decides(const struct ruling *, unsigned code);
/* The answers follow what is asked by SQL that breaks out another way, and not what this way asks (R5). */
bool others_followed(const struct ruling *, unsigned code);
/* The resource says of this value, and in the same words of others, that it is not there or not allowed (R1). */
bool value_refused(const struct ruling *, unsigned code);
/* The application says of the whole value that it has not the form it should have: it went no further (R1). */
bool form_refused(const struct ruling *, unsigned code);
/* The place shows what it fetches, and says of this value just what it says of one that would show something known (R5). */
bool nothing_fetched(const struct ruling *, unsigned code);
/* Other code that breaks out the same way did not run, and was answered just like this. */
bool failed_alike(const struct ruling *, unsigned code);
/* Was an answer here seen to wait for code that slept? */
bool place_waits(const struct ruling *, unsigned code);
/* Code that breaks out the same way ran here. */
bool ran_alike(const struct ruling *, unsigned code);
/* Did another request's? */
bool others_ran_alike(const struct ruling *, unsigned code);
/*
 * choice.c: is the response what this place answers to several other names too, and other than what it answers to one it
 * takes? Refused by its status, or by another page in the place of the one named.
 */
bool choice_refused(const struct ruling *, unsigned code);
bool choice_fell_back(const struct ruling *, unsigned code);
bool code_is_include(const struct attack_code *);
/* fetched.c: the body that the site got for the code's URL, if all of it is known. Borrowed from the memory. */
bool fetched_body(const struct ruling *, unsigned code, struct bytes *ret);
/* Does this contact show that the attack worked: included, or at least fetched? */
struct wanted;
bool contact_proves(const struct ruling *, unsigned code, const struct wanted *, const struct history *);
/* May a trace of this kind prove or disprove it at all? */
bool contact_counts(const struct attack_code *, const struct trace *);
/* shown.c: does the place show here what was named, though nobody knows what that holds? Looked for after all traces. */
void shown_look(struct ruling *, unsigned code);
/* Keeps the response as one of the place's results, by which its surroundings are known. */
void shown_learn(const struct ruling *, unsigned code, struct place *);
/* refuse.c: is it a status by which servers say that something is not there or not allowed? */
bool status_refuses(unsigned status);

/* frame.c: what is known of the place where this code would show; NULL: nothing yet. The book's. */
struct place *place_of(const struct ruling *, unsigned code);
/* What stands between the bytes that were around an earlier result; false where they are not there. */
bool framed(const struct ruling *, const struct place *, struct bytes *ret);
/* Keeps what stands around a result; does the match stand between what stood before some and behind some? */
void frame_learn(struct place *, struct bytes text, size_t start, size_t end);
bool stands_in_frame(const struct place *, struct bytes text, size_t start, size_t end);
/* Is the match all of the text, blanks behind it apart? */
bool is_all(struct bytes text, size_t start, size_t end);
/* The value stands where an earlier result of its place stood (R3). */
bool came_back(const struct ruling *, unsigned code);
/* complaint.c: a program was given the whole value as one word and says that there is no such thing (R3). */
bool complained_of_whole(const struct ruling *, unsigned code);
/* The response says of the whole value that it has not the form it should have. */
bool complains_of_form(const struct ruling *, unsigned code);
/* The place shows results, and nothing new stands there (R5). */
bool shown_trace_missing(const struct ruling *, unsigned code);

/* excerpt.c: does the response hold lines of what the code prints, but most of those between them not? */
bool response_excerpts(struct ruling *, unsigned code);

/* echo.c: what ordinary answers of the place that show their own value say of this one. */
struct echo {
	struct bytes region; /* what stands in this body where a value would; at NULL: that is not known. Borrowed from the views */
	bool data;           /* the body is such an answer but for the value, and this value stands there as data */
};
struct echo echo_of(const struct ruling *, unsigned code);
/* Template code stands as data where ordinary values stand, and nothing else of the page is another (R3). */
bool ordinary_came_back(const struct ruling *, unsigned code);

/* baseline.c: the sample of an answer as a response that can be viewed; record and head are the caller's, the views borrow from them. */
enum { SAMPLE_HEAD_MAX = 64 }; /* bytes of a made-up response head */
must_check int views_of_sample(const struct history *, struct case_record *record, char head[static SAMPLE_HEAD_MAX], struct views *ret);
/* baseline.c: is the same body this server's answer to ordinary requests, so that nothing in it is evidence? */
bool response_is_ordinary(const struct ruling *);
/* Does an ordinary answer of this server (as far as it was kept) hold the pattern's match too? */
struct search;
bool server_holds(const struct ruling *, struct search *);
/* Does every line of the match at [start, end) stand in this server's answers to other code too? */
bool line_is_ordinary(const struct ruling *, const struct view *, size_t start, size_t end);
/* Learns the lines of this response that none of its own codes prints. */
void baseline_learn(const struct ruling *);

#endif
