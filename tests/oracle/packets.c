/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints what decode makes of each packet of a capture, one a line, for comparing with tshark:
 * number, source, destination, protocol, ports (TCP, UDP), payload length; or number and the reason it was dropped for.
 */
#include "dataplane/decode/decode.h"
#include "dataplane/port/scan.h"

#include <stdio.h>

#include <pcap/pcap.h>

static void print_packet(const struct decoded *d)
{
	const struct tuple *t = &d->packet.tuple;
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT];
	bool ports = t->protocol == 6 || t->protocol == 17;

	printf("%s %s %u", address_format(&t->src, src), address_format(&t->dst, dst), t->protocol);
	if (d->outcome == DECODE_FRAGMENT)
		printf(" fragment %u %zu\n", d->fragment.offset, d->fragment.data.left);
	else
		printf(" %u %u %u\n", ports ? t->sport : 0, ports ? t->dport : 0, d->packet.payload_sent);
}

int main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE];
	struct capture_file c;
	struct pcap_pkthdr *header;
	const u_char *data;
	static struct decoded d;
	pcap_t *pcap;

	if (argc != 2)
		return 2;
	capture_open(argv[1], &c);
	capture_scan(&c);
	pcap = pcap_open_offline(argv[1], why);
	if (pcap == NULL || c.error != 0)
		return 1;
	for (unsigned long n = 1; pcap_next_ex(pcap, &header, &data) == 1; n++) {
		printf("%lu ", n);
		if (decode_frame(c.link, bytes_of(data, header->caplen), &d) == DECODE_DROP)
			printf("%s\n", counter_row(d.drop)->name);
		else
			print_packet(&d);
	}
	pcap_close(pcap);
	capture_close(&c);
	return 0;
}
