# SPDX-License-Identifier: GPL-2.0-or-later
# What really happened in a Perl script of the range.
package Truth;
use strict; use JSON::PP; use Time::HiRes 'time';
my ($start, @facts) = (time);
sub fact { my %what = @_; push @facts, \%what; }
sub tell {
	my $row = { src => $ENV{REMOTE_ADDR}, sport => $ENV{REMOTE_PORT} + 0, pid => $$, line => "$ENV{REQUEST_METHOD} $ENV{REQUEST_URI}", start => $start, end => time, build => $ENV{BUILD}, facts => \@facts };
	open(my $f, '>>', '/run/truth/requests') or return;
	print $f JSON::PP->new->latin1->allow_blessed->encode($row), "\n";
}
1;
