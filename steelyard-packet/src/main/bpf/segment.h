/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* TCP segments of our own, made of one that came. */
#ifndef STEELYARD_SEGMENT_H
#define STEELYARD_SEGMENT_H

#include "checksum.h"
#include "packet.h"

#define OPTION_MSS 2
#define OPTION_MSS_BYTES 4

/* Behind the Ethernet header. */
struct segment {
	ip_header ip;
	struct tcphdr tcp;
	__u8 rest[4]; /* an option, or a byte */
};

#define TCP_START (sizeof(struct ethhdr) + sizeof(ip_header))
#define WORD_OF_FLAGS(tcp) (((__be16 *)(tcp))[6])

/* There is nothing between IP and TCP. */
INLINE int is_bare(const struct packet *p)
{
	return p->transport == (void *)(p->ip + 1);
}

/* Pointers into the frame, after it has been resized; 0 when it is too short. */
INLINE int find_headers(struct xdp_md *ctx, struct packet *p)
{
	void *data = (void *)(long)ctx->data;

	if (data + TCP_START + sizeof(struct tcphdr) > (void *)(long)ctx->data_end)
		return 0;
	p->eth = data;
	p->ip = data + sizeof(struct ethhdr);
	p->transport = data + TCP_START;
	return 1;
}

INLINE void shift_number(struct tcphdr *tcp, __be32 *number, __u32 by)
{
	__be32 shifted = bpf_htonl(bpf_ntohl(*number) + by);

	tcp->check = updated(tcp->check, word_difference(*number, shifted));
	*number = shifted;
}

/* What is moved to make room: Ethernet, IP and TCP without options. */
#define MOVED_BYTES (TCP_START + sizeof(struct tcphdr))

/* Moves the first bytes of the frame forward, so that there is room behind them; 0 when that cannot be. */
INLINE int make_room(struct xdp_md *ctx, struct packet *p, int moved, int room)
{
	__be16 *to, *from;

	if (bpf_xdp_adjust_head(ctx, -room))
		return 0;
	to = (void *)(long)ctx->data;
	if ((void *)to + moved + room > (void *)(long)ctx->data_end)
		return 0;
	from = (void *)to + room;
#pragma unroll
	for (int i = 0; i < moved / 2; i++)
		to[i] = from[i];
	p->eth = (void *)to;
	p->ip = (void *)to + sizeof(struct ethhdr);
	p->transport = (void *)to + TCP_START;
	return 1;
}

INLINE void set_length(ip_header *ip, __u32 payload)
{
#ifdef IPV6
	ip->payload_len = bpf_htons(payload);
#else
	__be16 length = bpf_htons(payload + sizeof(*ip));

	ip->check = updated(ip->check, port_difference(ip->tot_len, length));
	ip->tot_len = length;
#endif
}

/* The largest segment that a SYN's sender takes. All stacks that are about have it as their first option. */
INLINE __u32 mss_of(struct xdp_md *ctx, const struct tcphdr *tcp)
{
	const __u8 *option = (void *)(tcp + 1);

	if ((void *)(option + OPTION_MSS_BYTES) > (void *)(long)ctx->data_end || tcp->doff < 6)
		return 0;
	if (option[0] != OPTION_MSS || option[1] != OPTION_MSS_BYTES)
		return 0;
	return option[2] << 8 | option[3];
}

/* Whatever was behind the header goes; rest: how many of the last four bytes there are. */
INLINE struct segment *resized(struct xdp_md *ctx, int rest)
{
	const int bytes = sizeof(struct ethhdr) + sizeof(struct segment) - 4 + rest;
	void *data;

	if (bpf_xdp_adjust_tail(ctx, bytes - (int)bpf_xdp_get_buff_len(ctx)))
		return 0;
	data = (void *)(long)ctx->data;
	if (data + bytes > (void *)(long)ctx->data_end)
		return 0;
	return data + sizeof(struct ethhdr);
}

/* options: of 4 bytes each. With a byte of data, which has to be 0, there are none. */
INLINE void complete(struct segment *s, int rest, int options, __u8 flags)
{
	__u64 sum;

	set_length(&s->ip, sizeof(s->tcp) + rest);
	WORD_OF_FLAGS(&s->tcp) = bpf_htons((5 + options) << 12 | flags);
	s->tcp.urg_ptr = 0;
	s->tcp.check = 0;
	sum = sum_of(&s->tcp, sizeof(s->tcp)) + sum_of(&s->ip.saddr, 2 * sizeof(struct address));
	if (options)
		sum += sum_of(s->rest, 4);
	sum += bpf_htons(sizeof(s->tcp) + rest) + bpf_htons(IPPROTO_TCP);
	s->tcp.check = ~fold(sum);
}

INLINE void put_mss(struct segment *s, __u32 mss)
{
	s->rest[0] = OPTION_MSS;
	s->rest[1] = OPTION_MSS_BYTES;
	s->rest[2] = mss >> 8;
	s->rest[3] = mss;
}

#endif
