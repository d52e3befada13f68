/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clopper and Pearson's interval, by halving over the incomplete beta function. */
#include "control/iocgen/interval.h"

#include <math.h>

static const double half_outside = 0.025;

/* The continued fraction of the incomplete beta function (Lentz's way; DLMF 8.17.22). */
static double fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), h;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	h = d;
	for (int m = 1; m <= 10000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), step;

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		h *= d * c;
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		step = d * c;
		h *= step;
		if (fabs(step - 1) < 1e-14)
			break;
	}
	return h;
}

static double incomplete_beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x >= 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a : 1 - front * fraction(b, a, 1 - x) / b;
}

static double quantile(double a, double b, double of)
{
	double low = 0, high = 1;

	for (int i = 0; i < 100; i++) {
		double middle = (low + high) / 2;

		if (incomplete_beta(a, b, middle) < of)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

struct interval interval_of(uint64_t hits, uint64_t all)
{
	struct interval r = { 0, 1 };
	double k = (double)hits, n = (double)all;

	if (hits > 0)
		r.low = quantile(k, n - k + 1, half_outside);
	if (hits < all)
		r.high = quantile(k + 1, n - k, 1 - half_outside);
	return r;
}

double interval_upper(uint64_t hits, uint64_t all, double sure)
{
	return hits >= all ? 1 : quantile((double)hits + 1, (double)(all - hits), sure);
}

int64_t interval_most(double share, uint64_t all)
{
	int64_t low = -1, high = (int64_t)all + 1;

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (interval_of((uint64_t)middle, all).high <= share)
			low = middle;
		else
			high = middle;
	}
	return low;
}
