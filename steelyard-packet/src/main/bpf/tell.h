/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * FullNAT: the client's address in a TCP option of what it sends before it has had any byte of its endpoint, which are the ACK that
 * completes the handshake and its first request. Kind and form are those of the "TOA" of Alibaba's LVS and of DPVS, whose
 * kernel modules give it to programs as the peer's address:
 *
 *   254 │ length │ port │ address      8 bytes (IPv4) or 20 (IPv6), first among the options
 */
#ifndef STEELYARD_TELL_H
#define STEELYARD_TELL_H

#include "segment.h"

#define OPTION_CLIENT 254

struct client_option {
	__u8 kind;
	__u8 length;
	__be16 port;
	struct address address;
};

#define TELL_BYTES ((int)sizeof(struct client_option))
#define TELL_WORDS (TELL_BYTES / 4)

/* Segments that clients make are to have room for this many bytes more. */
INLINE void leave_room(struct xdp_md *ctx, struct packet *p, __u32 bytes)
{
	struct tcphdr *tcp = p->transport;
	__u32 mss = mss_of(ctx, tcp);
	__u8 *option = (void *)(tcp + 1);

	if (mss <= 536 || (void *)(option + OPTION_MSS_BYTES) > (void *)(long)ctx->data_end)
		return;
	tcp->check = updated(tcp->check, port_difference(bpf_htons(mss), bpf_htons(mss - bytes)));
	mss -= bytes;
	option[2] = mss >> 8;
	option[3] = mss;
}

INLINE int has_room(const struct packet *p, const struct tcphdr *tcp, const struct endpoint *endpoint)
{
	return is_bare(p) && tcp->doff <= 15 - TELL_WORDS && p->length + TELL_BYTES <= endpoint->mtu;
}

/* Returns a verdict, or GO_ON. */
INLINE int tell(struct xdp_md *ctx, struct packet *p)
{
	struct client_option *option;
	struct tcphdr *tcp;
	__u64 difference;
	__be16 flags;

	if (!make_room(ctx, p, MOVED_BYTES, TELL_BYTES))
		return XDP_ABORTED;
	tcp = p->transport;
	option = (void *)(tcp + 1);
	option->kind = OPTION_CLIENT;
	option->length = TELL_BYTES;
	option->port = p->key.source_port;
	copy_address(&option->address, &p->key.source);
	set_length(p->ip, p->length - sizeof(*p->ip) + TELL_BYTES);
	p->length += TELL_BYTES;
	flags = WORD_OF_FLAGS(tcp);
	WORD_OF_FLAGS(tcp) = bpf_htons(bpf_ntohs(flags) + (TELL_WORDS << 12));
	/* The pseudo-header has the length, too. */
	difference = port_difference(flags, WORD_OF_FLAGS(tcp)) + sum_of(option, TELL_BYTES) + bpf_htons(TELL_BYTES);
	tcp->check = updated(tcp->check, difference);
	return GO_ON;
}

#endif
