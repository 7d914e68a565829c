/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * FullNAT: the client's address and port, and those that it spoke to, in front of what it sends: the PROXY protocol's second version
 * (haproxy.org/download/3.0/doc/proxy-protocol.txt, section 2.2). Datagrams have a header each.
 *
 * TCP: the header takes the first numbers of the client's stream, and all that follows moves on by its length:
 *
 *   client    ISN │ 1 … data                        endpoint    ISN │ 1 … header │ n + 1 … data
 *
 * Whatever the client sends with the number 1 gets the header, until the endpoint has acknowledged all of it: the ACK that completes the
 * handshake (so that endpoints that speak first know whom they speak to), the first request, and these again when they are sent again.
 * Nothing is remembered of what was sent, only of what arrived.
 */
#ifndef STEELYARD_INTRODUCE_H
#define STEELYARD_INTRODUCE_H

#include "icmp.h"
#include "flow.h"
#include "segment.h"

#define PROXY_VERSION_AND_COMMAND 0x21 /* 2, and on behalf of somebody */
#ifdef IPV6
#define PROXY_FAMILY 0x20
#else
#define PROXY_FAMILY 0x10
#endif
#define PROXY_STREAM 1
#define PROXY_DATAGRAM 2

struct proxy_header {
	__be32 signature[3];
	__u8 version_and_command;
	__u8 family_and_protocol;
	__be16 length;
	struct address source;
	struct address destination;
	struct ports ports;
};

#define PROXY_BYTES ((int)sizeof(struct proxy_header))
#define OPTION_END 0
#define OPTION_NOTHING 1
#define OPTION_BLOCKS 5
#define MOST_OPTION_WORDS 10

INLINE void write_proxy_header(struct proxy_header *header, const struct packet *p, __u8 kind)
{
	header->signature[0] = bpf_htonl(0x0d0a0d0a);
	header->signature[1] = bpf_htonl(0x000d0a51);
	header->signature[2] = bpf_htonl(0x5549540a);
	header->version_and_command = PROXY_VERSION_AND_COMMAND;
	header->family_and_protocol = PROXY_FAMILY | kind;
	header->length = bpf_htons(PROXY_BYTES - 16);
	copy_address(&header->source, &p->key.source);
	copy_address(&header->destination, &p->key.destination);
	header->ports.source = p->key.source_port;
	header->ports.destination = p->key.destination_port;
}

/* Behind the options, which move with the rest of the header. Returns a verdict, or GO_ON. */
INLINE int put_before_stream(struct xdp_md *ctx, struct packet *p)
{
	struct proxy_header *header;
	struct tcphdr *tcp;
	__u32 words;
	void *end, *at;

	if (!make_room(ctx, p, MOVED_BYTES, PROXY_BYTES))
		return XDP_ABORTED;
	end = (void *)(long)ctx->data_end;
	tcp = p->transport;
	words = (((__u8 *)tcp)[12] >> 4) - 5;
	if (words > MOST_OPTION_WORDS)
		return XDP_ABORTED;
	at = tcp + 1;
	for (__u32 i = 0; i < MOST_OPTION_WORDS; i++) {
		if (i >= words)
			break;
		if (at + PROXY_BYTES + sizeof(__u32) > end)
			return XDP_ABORTED;
		*(any_word *)at = *(any_word *)(at + PROXY_BYTES);
		at += sizeof(__u32);
	}
	header = at;
	if ((void *)(header + 1) > end)
		return XDP_ABORTED;
	write_proxy_header(header, p, PROXY_STREAM);
	set_length(p->ip, p->length - sizeof(*p->ip) + PROXY_BYTES);
	p->length += PROXY_BYTES;
	/* The pseudo-header has the length, too. */
	tcp->check = updated(tcp->check, sum_of(header, PROXY_BYTES) + bpf_htons(PROXY_BYTES));
	return GO_ON;
}

/* Returns a verdict, or GO_ON. */
INLINE int put_before_datagram(struct xdp_md *ctx, struct packet *p)
{
	struct proxy_header *header;
	struct udphdr *udp;
	__be16 length;

	if (!make_room(ctx, p, TCP_START + sizeof(*udp), PROXY_BYTES))
		return XDP_ABORTED;
	udp = p->transport;
	header = (void *)(udp + 1);
	write_proxy_header(header, p, PROXY_DATAGRAM);
	set_length(p->ip, p->length - sizeof(*p->ip) + PROXY_BYTES);
	p->length += PROXY_BYTES;
	length = bpf_htons(bpf_ntohs(udp->len) + PROXY_BYTES);
	if (udp->check) {
		udp->check = updated(udp->check, sum_of(header, PROXY_BYTES) + port_difference(udp->len, length) +
							 bpf_htons(PROXY_BYTES));
		if (!udp->check)
			udp->check = 0xffff;
	}
	udp->len = length;
	return GO_ON;
}

/* The header fits, or a sender learns what would. */
INLINE int fits(struct xdp_md *ctx, const struct packet *p, const struct endpoint *endpoint, __u32 service, int *verdict)
{
	if (p->length + PROXY_BYTES <= endpoint->mtu)
		return 1;
	drop(service, DROP_TOO_BIG);
	/* The mask tells the verifier that the packet goes no further here. */
	*verdict = send_too_big(ctx, endpoint->mtu - PROXY_BYTES) & 0xff;
	return 0;
}

/* What a client sends. A fragment's place in its datagram is counted in eights, which the header is not. */
INLINE int introduce_datagram(struct xdp_md *ctx, struct packet *p, enum kind kind, const struct flow *flow,
			      const struct endpoint *endpoint)
{
	int verdict;

	if (kind != KIND_PLAIN || !is_bare(p))
		return drop(flow->service, DROP_FRAGMENT);
	return fits(ctx, p, endpoint, flow->service, &verdict) ? put_before_datagram(ctx, p) : verdict;
}

/* What a client sends. Returns a verdict, or GO_ON. */
INLINE int introduce(struct xdp_md *ctx, struct packet *p, enum kind kind, struct flow *flow,
		     const struct endpoint *endpoint)
{
	struct tcphdr *tcp = p->transport;
	int verdict;

	if (p->tcp_flags & TCP_SYN)
		/* Its data would be before the header (RFC 7413); it is sent again without. */
		return p->length > sizeof(*p->ip) + tcp->doff * 4 ? drop(flow->service, DROP_TCP_FLAGS) : GO_ON;
	if (p->tcp_flags & TCP_RST && !(flow->state & STATE_ESTABLISHED))
		return GO_ON; /* the endpoint has had nothing but the SYN */
	if (bpf_ntohl(tcp->seq) == flow->first + 1 && !(flow->special & SPECIAL_INTRODUCED) &&
	    !(p->tcp_flags & TCP_RST)) {
		if (kind != KIND_PLAIN || !is_bare(p))
			return drop(flow->service, DROP_FRAGMENT);
		return fits(ctx, p, endpoint, flow->service, &verdict) ? put_before_stream(ctx, p) : verdict;
	}
	shift_number(tcp, &tcp->seq, PROXY_BYTES);
	return GO_ON;
}

/* Selective acknowledgements (RFC 2018) are of bytes that the client counts otherwise. */
INLINE void shift_blocks(struct xdp_md *ctx, struct tcphdr *tcp)
{
	void *end = (void *)(long)ctx->data_end;
	__u32 bytes = ((((__u8 *)tcp)[12] >> 4) - 5) * 4;
	__u32 at = 0;

	for (int i = 0; i < 16; i++) {
		__u8 *option;
		__u32 length;

		if (at + 2 > bytes || at > MOST_OPTION_WORDS * 4)
			return;
		option = (void *)(tcp + 1) + at;
		if ((void *)(option + 2) > end || option[0] == OPTION_END)
			return;
		if (option[0] == OPTION_NOTHING) {
			at++;
			continue;
		}
		length = option[1];
		if (length < 2)
			return;
		if (option[0] != OPTION_BLOCKS) {
			at += length;
			continue;
		}
		for (__u32 j = 0; j < 8; j++) {
			__be32 *edge = (void *)option + 2 + j * 4, shifted;
			__u64 difference;

			if (2 + (j + 1) * 4 > length || (void *)(edge + 1) > end)
				return;
			shifted = bpf_htonl(bpf_ntohl(*(any_word *)edge) - PROXY_BYTES);
			difference = word_difference(*(any_word *)edge, shifted);
			/* The sum is one of words, in which the number may begin with the second byte. */
			if (at & 1)
				difference = __builtin_bswap16(fold(difference));
			tcp->check = updated(tcp->check, difference);
			*(any_word *)edge = shifted;
		}
		return;
	}
}

/* What an endpoint acknowledges of the client's stream, where it has a header before. */
INLINE void hide_introduction(struct xdp_md *ctx, struct packet *p, struct flow *flow)
{
	struct tcphdr *tcp = p->transport;
	__u32 had = bpf_ntohl(tcp->ack_seq) - (flow->first + 1);
	struct flow_key key;
	struct flow *forward;

	if (!(p->tcp_flags & TCP_ACK))
		return;
	if (!(flow->special & SPECIAL_INTRODUCED)) {
		if (had < PROXY_BYTES || had >> 31) {
			if (had < PROXY_BYTES)
				shift_number(tcp, &tcp->ack_seq, -had);
			return;
		}
		flow->special |= SPECIAL_INTRODUCED;
		other_key(flow, IPPROTO_TCP, &key);
		forward = bpf_map_lookup_elem(&flows, &key);
		if (forward)
			forward->special |= SPECIAL_INTRODUCED;
	}
	shift_number(tcp, &tcp->ack_seq, -PROXY_BYTES);
	shift_blocks(ctx, tcp);
}

#endif
